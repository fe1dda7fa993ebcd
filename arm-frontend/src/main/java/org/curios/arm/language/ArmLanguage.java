package org.curios.arm.language;

import com.oracle.truffle.api.CallTarget;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.Option;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.ProvidedTags;
import com.oracle.truffle.api.instrumentation.StandardTags;
import com.oracle.truffle.api.nodes.ExecutableNode;
import com.oracle.truffle.api.nodes.RootNode;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.language.MachineProvider.Loadable;
import org.curios.arm.language.MachineProvider.Settings;
import org.curios.arm.language.instrument.RegisterExpression;
import org.curios.arm.language.interop.ImageError;
import org.curios.arm.language.interop.MachineObject;
import org.graalvm.options.OptionCategory;
import org.graalvm.options.OptionDescriptors;
import org.graalvm.options.OptionKey;
import org.graalvm.options.OptionStability;
import org.graalvm.options.OptionValues;

/**
 * The Truffle language of ARM machine code. Its sources are executable images; evaluating one
 * returns a machine with the image loaded, before its first instruction.
 */
@TruffleLanguage.Registration(
    id = ArmLanguage.ID,
    name = "ARM",
    version = "ARMv5TE",
    byteMimeTypes = ArmLanguage.MIME_TYPE,
    characterMimeTypes = ArmLanguage.GUEST_SOURCE,
    defaultMimeType = ArmLanguage.MIME_TYPE,
    contextPolicy = TruffleLanguage.ContextPolicy.EXCLUSIVE)
@ProvidedTags({
  StandardTags.RootTag.class,
  StandardTags.StatementTag.class,
  StandardTags.CallTag.class
})
public final class ArmLanguage extends TruffleLanguage<ArmLanguage.ArmContext> {
  /** Language id. */
  public static final String ID = "arm";

  /** MIME type of the sources: executable ELF images. */
  public static final String MIME_TYPE = "application/x-elf";

  /** MIME type of the texts that images were compiled from, which tools show. */
  public static final String GUEST_SOURCE = "text/x-c++src";

  private static final int MEBIBYTE = 20;
  private static final int MAX_RAM = Bus.MAX_RAM >> MEBIBYTE;

  private static final LanguageReference<ArmLanguage> REFERENCE =
      LanguageReference.create(ArmLanguage.class);
  private static final ContextReference<ArmContext> CONTEXT =
      ContextReference.create(ArmLanguage.class);

  @Option(
      help = "Size of the machine's RAM in MiB, 1 to 256 (default: 128).",
      usageSyntax = "[1, 256]",
      category = OptionCategory.USER,
      stability = OptionStability.STABLE)
  static final OptionKey<Integer> Ram = new OptionKey<>(128);

  @Option(
      help = "Image of the SD card; needs access to files (default: no card).",
      usageSyntax = "<path>",
      category = OptionCategory.USER,
      stability = OptionStability.STABLE)
  static final OptionKey<String> Sd = new OptionKey<>("");

  @Option(
      help =
          "Whether UART0 reads the context's standard input, besides what is typed (default: false).",
      usageSyntax = "true|false",
      category = OptionCategory.USER,
      stability = OptionStability.STABLE)
  static final OptionKey<Boolean> Input = new OptionKey<>(false);

  @Option(
      help =
          "Run the guest in the form that debuggers and profilers see into: slower, with the same"
              + " results (default: false).",
      usageSyntax = "true|false",
      category = OptionCategory.USER,
      stability = OptionStability.STABLE)
  static final OptionKey<Boolean> Instrument = new OptionKey<>(false);

  /** What belongs to one polyglot context. */
  public static final class ArmContext {
    private final Env env;
    private final List<GuestMachine> machines = new ArrayList<>();

    ArmContext(Env env) {
      this.env = env;
    }

    /** Returns what the context may do. */
    public Env env() {
      return env;
    }

    @TruffleBoundary
    MachineObject load(Loadable image) {
      OptionValues options = env.getOptions();
      int ram = options.get(Ram);
      if (ram < 1 || ram > MAX_RAM) {
        throw new ImageError(
            "arm.Ram=" + ram + ": give 1 to 256 MiB; the board's devices begin above it", null);
      }
      String card = options.get(Sd);
      if (!card.isEmpty() && !env.isFileIOAllowed()) {
        throw new ImageError(
            "arm.Sd=" + card + ": the context may not use files; allow it with allowIO", null);
      }
      InputStream in = options.get(Input) ? env.in() : null;
      try {
        GuestMachine machine =
            image.load(
                new Settings(
                    ArmLanguage.get(),
                    ram << MEBIBYTE,
                    card.isEmpty() ? null : Path.of(card),
                    env.out(),
                    in,
                    options.get(Instrument)));
        machines.add(machine);
        return new MachineObject(machine);
      } catch (IllegalArgumentException e) {
        throw new ImageError(e.getMessage(), null);
      }
    }
  }

  @Override
  protected ArmContext createContext(Env env) {
    return new ArmContext(env);
  }

  @Override
  protected void disposeContext(ArmContext context) {
    context.machines.forEach(GuestMachine::close);
  }

  @Override
  protected OptionDescriptors getOptionDescriptors() {
    return new ArmLanguageOptionDescriptors();
  }

  /** Machines look at their own threads; a second thread may stop one. */
  @Override
  protected boolean isThreadAccessAllowed(Thread thread, boolean singleThreaded) {
    return true;
  }

  @Override
  protected CallTarget parse(ParsingRequest request) {
    if (!request.getSource().hasBytes()) {
      throw new ImageError(
          request.getSource().getName()
              + ": a text; give the bytes of an executable, as Source.newBuilder(\"arm\","
              + " ByteSequence.create(bytes), name) does",
          request.getSource());
    }
    Loadable image;
    try {
      image =
          MachineProvider.find()
              .read(request.getSource().getBytes().toByteArray(), request.getSource().getName());
    } catch (IllegalArgumentException e) {
      throw new ImageError(e.getMessage(), request.getSource());
    }
    return new RootNode(this) {
      @Override
      public Object execute(VirtualFrame frame) {
        return CONTEXT.get(this).load(image);
      }

      @Override
      public String getName() {
        return "load";
      }
    }.getCallTarget();
  }

  /** What a debugger evaluates while the guest is stopped. */
  @Override
  protected ExecutableNode parse(InlineParsingRequest request) {
    return RegisterExpression.parse(this, request);
  }

  /** Returns the language of the entered context. */
  public static ArmLanguage get() {
    return REFERENCE.get(null);
  }

  /** Returns the entered context. */
  public static ArmContext context() {
    return CONTEXT.get(null);
  }
}
