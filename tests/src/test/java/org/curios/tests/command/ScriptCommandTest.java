package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.kernel.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curios script} and {@code script} in the shell, as a person uses them. */
class ScriptCommandTest {
  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Curios.Result script(String... arguments) {
    List<String> all = new ArrayList<>(List.of("script", "--no-jit"));
    all.addAll(Arrays.asList(arguments));
    return Curios.run(all.toArray(String[]::new));
  }

  @Test
  void aScriptGetsItsArgumentsAndItsMachine() throws IOException {
    String file =
        file(
            "a.js",
            "print(args.join('|'), machine.policy, clients.filter(c => c.name !== 'init').length);"
                + "results.table([{a_us: 1}]).save('a.csv');");
    Curios.Result r =
        script(
            "--policy",
            "restart",
            "--run",
            "mixed",
            "--out",
            folder.resolve("out").toString(),
            file,
            "--short",
            "-5",
            "--stats=y",
            "--",
            "--policy",
            "x",
            "--help",
            "--tiemout");
    r.expect(0);
    assertEquals("--short|-5|--stats=y|--policy|x|--help|--tiemout restart 10\n", r.out());
    assertEquals("", r.err());
    assertEquals("a_us\n1\n", Files.readString(folder.resolve("out/a.csv")));
  }

  @Test
  void optionsStandOnEitherSideOfTheScript() throws IOException {
    String file =
        file(
            "a.js",
            "print(args.join('|'), machine.policy); results.table([{a: 1}]).save('a.csv');");
    Curios.Result r =
        script(file, "one", "--out", folder.resolve("out").toString(), "--policy", "none", "two");
    r.expect(0);
    assertEquals("one|two none\n", r.out());
    assertEquals("a\n1\n", Files.readString(folder.resolve("out/a.csv")));
    script(file, "--tiemout", "5").complains("--tiemout: no such option; did you mean --timeout?");
    script(file, "--policy", "bst").complains("policy bst: no such policy");
    script("--short", file).complains("--short: no such option");
    String[] lines = {
      "script " + file + " one --out " + folder.resolve("more") + " --short",
      "script " + file + " --tiemout 5",
      "script " + file + " -- --out x"
    };
    Curios.Result shell =
        Curios.runWith(String.join("\n", lines) + "\n", "shell", "--no-jit", "-S");
    assertTrue(shell.out().contains("\none|--short ssr-packed\n"), shell.out());
    assertTrue(Files.exists(folder.resolve("more/a.csv")));
    assertTrue(shell.out().contains("error: --tiemout: no such option; did you mean"), shell.out());
    assertTrue(shell.out().contains("\n--out|x ssr-packed\n"), shell.out());
  }

  @Test
  void anErrorIsSaidInTheScriptsTerms() throws IOException {
    String file = file("bad.js", "let x = 1;\nservices.stroe;\n");
    Curios.Result r = script(file).expect(1);
    assertEquals("", r.out());
    assertTrue(
        r.err()
            .startsWith(
                "curios: "
                    + file
                    + ":2:1: UnknownNameError: Services: stroe: no such service; did you mean store?"),
        r.err());
  }

  @Test
  void escapeSequencesInAnErrorAreShownAndNotObeyed() throws IOException {
    String file = file("wipe.js", "throw new Error('\\u001b[2J\\u009b1m');");
    Curios.Result r = script(file).expect(1);
    assertTrue(r.err().contains("Error: ^[[2J\\x9b1m\n"), r.err());
    assertFalse(r.err().contains("\u001b"), r.err());
  }

  @Test
  void whatCannotBeUsedIsRefused() throws IOException {
    String good = file("good.js", "print(1);");
    script(folder.resolve("no.js").toString()).complains("no.js", "no such file");
    script(file("x.rb", "")).complains("x.rb", "JavaScript (.js) or Python (.py)");
    script("--policy", "bst", good).complains("bst: no such policy", "ssr-packed");
    script("--timeout", "-1", good).complains("--timeout");
    script("--memory", "-1", good).complains("--memory");
    script("--image", folder.resolve("no.elf").toString(), good)
        .complains("no.elf", "no such file");
    assertEquals(2, script().status());
    assertEquals(2, script("--fly", good).status());
  }

  @Test
  void pythonThatIsNotThereIsSaid() throws IOException {
    script(file("a.py", "print(1)")).complains("Python is not there", "./curios script FILE.py");
  }

  @Test
  void aLoopEndsByTimeout() throws IOException {
    Curios.Result r =
        script("--timeout", "2", file("loop.js", "print(1); for (;;) {}")).expect(124);
    assertEquals("1\n", r.out());
    assertTrue(r.err().contains("did not end within 2 s"), r.err());
  }

  @Test
  void whatCannotBeInterruptedEndsByTimeoutToo() throws IOException {
    String file = file("power.js", "print('begun'); 3n ** 1000000000n;");
    Curios.Result r = script("--timeout", "1", file).expect(124);
    assertEquals("begun\n", r.out());
    assertTrue(
        r.err().contains("did not end within 1 s") && r.err().contains("so the process ends"),
        r.err());
    Curios.Result shell =
        Curios.runWith("script --timeout 1 " + file + "\npolicy\n", "shell", "--no-jit", "-S");
    assertEquals(124, shell.status(), shell.out());
    assertTrue(shell.out().endsWith("so the process ends\n"), shell.out());
  }

  @Test
  void aLoopEndsByAnInterrupt() throws Exception {
    Process process =
        Curios.start("script", "--no-jit", file("loop.js", "print('begun'); machine.run();"));
    assertEquals("begun", process.inputReader().readLine());
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.Result r = Curios.end(process);
    assertEquals(130, r.status());
    assertEquals("curios: the script was interrupted; saved files are kept\n", r.err());
  }

  @Test
  void anotherImageIsRunCompiled() throws IOException {
    Path image = Files.write(folder.resolve("sieve.elf"), Images.elf("bench/sieve"));
    String file =
        file(
            "run.js",
            "const end = machine.run(); print(end, machine.status, machine.ticks > 1000000);"
                + "try { services.length } catch (e) { print(e.message) }");
    Curios.Result r = Curios.run("script", "--image", image.toString(), file);
    assertEquals(0, r.status(), r.err());
    assertEquals(
        "ended 0 true\nServices: this image is not CuriOS: it has no table of its structures\n",
        r.out());
  }

  @Test
  void helpHasExamples() {
    Curios.Result r = script("--help").expect(0);
    for (String word : List.of("Examples:", "curios script sweep.js", "--allow-io", "130 Ctrl-C")) {
      assertTrue(r.out().contains(word), r.out());
    }
  }

  @Test
  void theShellsMachineIsTheScripts() throws IOException {
    String file =
        file(
            "a.js",
            "services.store.crash('abort');"
                + "print(args.length, machine.untilEvent('recovered', 'store', {ms: 200}).service);"
                + "print(machine.fork(m => m.run({ms: 3})));");
    String bad = file("bad.js", "machine.run({ms: 1}); machine.nix;");
    Curios.Result r =
        Curios.runWith(
            "stop\nscript " + file + " a b\nservices | grep store\nscript " + bad + "\nback 1000\n",
            "shell",
            "--no-jit");
    assertEquals(1, r.status(), r.out());
    assertTrue(r.out().contains("\n2 store\nticks\n"), r.out());
    assertTrue(r.out().matches("(?s).*\\nstore +active +[0-9,]+ +1 +4 .*"), r.out());
    assertTrue(r.out().contains("error: " + bad + ":1:"), r.out());
    assertTrue(r.out().contains("UnknownNameError: Machine.nix: no such property"), r.out());
    assertTrue(r.out().contains("=> "), r.out());
    assertFalse(r.out().contains("Exception"), r.out());
  }
}
