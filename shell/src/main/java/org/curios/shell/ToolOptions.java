package org.curios.shell;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.curios.lab.debug.DapGate;
import org.curios.lab.debug.SourceFiles;
import org.curios.lab.debug.ToolMessages;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Option;

/**
 * Options that request debuggers and profilers of GraalVM; with one, the guest runs instrumented.
 */
final class ToolOptions implements AutoCloseable {
  /** Options that may have a value after an equals sign, and the hidden ones that take it. */
  static final Map<String, String> WITH_VALUE =
      Map.of(
          "--inspect", "--inspect-port",
          "--dap", "--dap-port",
          "--cpusampler", "--cpusampler-format",
          "--cputracer", "--cputracer-format");

  private static final String DAP_PORT = "4711";
  private static final String INSPECT_PORT = "9229";
  private static final int MAX_PORT = 65535;
  private static final List<String> SAMPLER_FORMATS =
      List.of("histogram", "calltree", "json", "flamegraph");
  private static final List<String> TRACER_FORMATS = List.of("histogram", "json");

  @Option(
      names = "--dap",
      description = {
        "Wait for a debugger such as VS Code on a loopback port: --dap=PORT, 4711 by default. It shows",
        "functions, source lines and registers of the guest."
      })
  private boolean dap;

  @Option(names = "--dap-port", hidden = true)
  private String dapPort;

  @Option(
      names = "--inspect",
      description = "The same for Chrome's developer tools: --inspect=PORT, 9229 by default.")
  private boolean inspect;

  @Option(names = "--inspect-port", hidden = true)
  private String inspectPort;

  @Option(
      names = "--cpusampler",
      description = {
        "Sample guest functions by time: --cpusampler=FORMAT, one of histogram, calltree, json,",
        "flamegraph."
      })
  private boolean sampler;

  @Option(names = "--cpusampler-format", hidden = true)
  private String samplerFormat;

  @Option(
      names = "--cputracer",
      description = {
        "Count how often guest functions and source lines run: --cputracer=FORMAT, one of",
        "histogram, json."
      })
  private boolean tracer;

  @Option(names = "--cputracer-format", hidden = true)
  private String tracerFormat;

  @Option(
      names = "--tool-output",
      paramLabel = "FILE",
      description = "Output file of the sampler or tracer; standard error by default.")
  private Path output;

  private DapGate gate;

  /** Returns whether any is requested. */
  boolean any() {
    return dap
        || dapPort != null
        || inspect
        || inspectPort != null
        || sampler
        || samplerFormat != null
        || tracer
        || tracerFormat != null;
  }

  /**
   * Gives a machine the tools.
   *
   * @param sources where its source text is
   * @param waits whether nothing runs until a debugger has come
   * @throws ImageException when an option cannot be followed
   */
  void apply(MachineBuilder machine, SourceFiles sources, boolean waits) throws ImageException {
    if (!any()) {
      if (output != null) {
        throw new ImageException("--tool-output: give --cpusampler or --cputracer as well");
      }
      return;
    }
    machine.instrumented(true).sources(sources).toolMessages(new ToolMessages(System.err));
    if (dap || dapPort != null) {
      openDap(machine, waits);
    }
    if (inspect || inspectPort != null) {
      openInspector(machine, waits);
    }
    boolean samples = sampler || samplerFormat != null;
    boolean traces = tracer || tracerFormat != null;
    if (output != null && samples == traces) {
      throw new ImageException("--tool-output: give only one of --cpusampler and --cputracer");
    }
    if (samples) {
      profiler(machine, "cpusampler", samplerFormat, SAMPLER_FORMATS);
    }
    if (traces) {
      profiler(machine, "cputracer", tracerFormat, TRACER_FORMATS);
      machine.option("cputracer.TraceStatements", "true");
    }
  }

  private void openDap(MachineBuilder machine, boolean waits) throws ImageException {
    int port = port("--dap", dapPort == null ? DAP_PORT : dapPort);
    try {
      gate = new DapGate(port, System.err);
    } catch (IOException e) {
      throw new ImageException("--dap: " + e.getMessage());
    }
    System.err.println("curios: waiting for a debugger on 127.0.0.1:" + gate.port() + " (DAP)");
    machine
        .option("dap", "127.0.0.1:" + gate.adapterPort())
        .option("log.dap.level", "OFF") // the gate reports a client that has disconnected
        .option("dap.Suspend", Boolean.toString(waits))
        .option("dap.WaitAttached", Boolean.toString(waits));
  }

  private void openInspector(MachineBuilder machine, boolean waits) throws ImageException {
    int port = port("--inspect", inspectPort == null ? INSPECT_PORT : inspectPort);
    try (ServerSocket free = DapGate.listen(port)) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new ImageException("--inspect: " + e.getMessage());
    }
    machine
        .option("inspect", "127.0.0.1:" + port)
        .option("inspect.Suspend", Boolean.toString(waits))
        .option("inspect.WaitAttached", Boolean.toString(waits));
  }

  private void profiler(MachineBuilder machine, String tool, String format, List<String> formats)
      throws ImageException {
    if (format != null && !formats.contains(format)) {
      throw new ImageException(
          "--" + tool + "=" + format + ": no such format; there are " + String.join(", ", formats));
    }
    machine.option(tool, "true");
    if (format != null) {
      machine.option(tool + ".Output", format);
    }
    if (output != null) {
      machine.option(tool + ".OutputFile", output.toString());
    }
  }

  private static int port(String option, String text) throws ImageException {
    long number = RunCommand.number(option, text);
    if (number > MAX_PORT) {
      throw new ImageException(option + "=" + text + ": give a port from 0 to 65535");
    }
    return (int) number;
  }

  @Override
  public void close() {
    if (gate != null) {
      gate.close();
    }
  }
}
