package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptOptions;
import org.curios.lab.script.ScriptRunner;
import org.curios.lab.script.Starter;
import org.curios.lab.script.model.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script can do what experiments need, and nothing else; and it can always be stopped. */
class SafetyTest {
  @TempDir Path folder;

  private ScriptOptions within(Duration timeout, long memory) {
    return new ScriptOptions(false, false, timeout, memory, folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java.type('java.lang.System')",
        "Java.type('org.curios.machine.Machine')",
        "Packages.java.lang.System.exit(1)",
        "load('FILE')",
        "read('FILE')",
        "new Worker('x')",
        "Polyglot.eval('js', '1')",
        "java.lang.Runtime.getRuntime()",
        "quit.constructor('return this')().Java.type('java.io.File')"
      })
  void nothingOfTheHostIsWithinReach(String what) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.js"), "print('reached')");
    String text = what.replace("FILE", secret.toString());
    assertEquals(
        List.of("denied"),
        Scripts.js(folder, "try { " + text + "; print('done') } catch (e) { print('denied') }")
            .lines());
  }

  @Test
  void aThingOpensNoWayToItsInside() throws IOException {
    assertEquals(
        List.of(
            "denied",
            "denied",
            "denied",
            "true",
            "<Machine>",
            "TypeError",
            "TypeError",
            "denied",
            "denied"),
        Scripts.js(
                folder,
                "try { machine.getClass() } catch (e) { print('denied') }",
                "try { machine.port } catch (e) { print('denied') }",
                "try { machine.reply } catch (e) { print('denied') }",
                "print(Object.keys(machine).length === 0);",
                "print(machine.__proto__);",
                "try { machine.__proto__.ticks } catch (e) { print(e.name) }",
                "try { machine.run.call(services.store.methods) } catch (e) { print(e.name) }",
                "try { Object.defineProperty(machine, 'x', {value: 1}) } catch (e) { print('denied') }",
                "try { 'use strict'; machine.__proto__.run = 1; print(typeof machine.run === 'function' ?"
                    + " 'denied' : 'changed') } catch (e) { print('denied') }")
            .lines());
  }

  /** Every function of the language's own objects is replaced, but those that print. */
  @Test
  void theApiDoesNotUseWhatAScriptHasReplaced() throws IOException {
    assertEquals(
        List.of("14 store true put ticks 2200000 recovered 1 active", "shell", "UnknownNameError"),
        Scripts.js(
                folder,
                "const say = print, broken = () => { throw 'broken' };",
                "for (const of of [Array, Object, String, Number, RegExp, Function, Map, Set, WeakMap,"
                    + " Reflect, Symbol, Promise, Proxy]) {",
                "  for (const target of [of, of.prototype]) {",
                "    if (!target) continue;",
                "    for (const name of Object.getOwnPropertyNames(target)) {",
                "      const d = Object.getOwnPropertyDescriptor(target, name);",
                "      if (name !== 'constructor' && name !== 'getOwnPropertyNames' && name !=="
                    + " 'getOwnPropertyDescriptor' && d.configurable && typeof d.value === 'function')",
                "        target[name] = broken;",
                "    }",
                "  }",
                "}",
                "Object.prototype.store = 'polluted'; Array.prototype[Symbol.iterator] = broken;",
                "Object.prototype.get = broken; Object.prototype.value = 1;",
                "globalThis.Object = globalThis.Reflect = globalThis.Array = globalThis.Error = null;",
                "machine.run({ms: 1}); services.store.crash('abort');",
                "let line = services.length + ' ' + services.store.name + ' ' + ('store' in"
                    + " services) + ' ' + services.store.methods[0].name;",
                "line += ' ticks ' + machine.ticks;",
                "const r = machine.untilEvent('recovered', 'store', {ms: 200});",
                "line += ' ' + r.kind + ' ' + services.store.restarts + ' ' +"
                    + " services.map(s => s.state)[4];",
                "say(line);",
                "for (const c of clients) if (c.name === 'shell') say(c.name);",
                "try { services.stroe } catch (e) { say(e.name) }")
            .lines());
  }

  @Test
  void filesAndClassesAreThereWhenAllowed() throws IOException {
    Path file = Files.writeString(folder.resolve("lib.js"), "globalThis.answer = 42;");
    ScriptOptions io = new ScriptOptions(true, false, null, 0, folder);
    assertEquals(
        List.of("42"), Scripts.js(folder, io, "load('" + file + "'); print(answer);").lines());
    ScriptOptions host = new ScriptOptions(false, true, null, 0, folder);
    assertEquals(
        List.of("3"),
        Scripts.js(folder, host, "print(Java.type('java.lang.Math').max(2, 3));").lines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x.csv", "/tmp/x.csv", "a/../../x.csv", ".", "", "link/x.csv", "x.exe"})
  void resultsStayInTheirFolder(String name) throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.createSymbolicLink(out.resolve("link"), folder);
    ScriptOptions options = new ScriptOptions(false, false, null, 0, out);
    Scripts.js(folder, options, "results.table([{a: 1}]).save('" + name + "');")
        .complains(1, "UsageError: Table.save: ", name);
    assertFalse(Files.exists(folder.resolve("x.csv")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;) {}",
        "try { for (;;) {} } catch (e) { for (;;) {} } finally { for (;;) {} }",
        "machine.run();",
        "for (;;) { try { machine.run() } catch (e) { print('caught') } }",
        "machine.on('call', e => { for (;;) {} }); machine.run();"
      })
  void aLoopIsStopped(String text) throws IOException {
    Scripts.Result result = Scripts.js(folder, within(Duration.ofMillis(1500), 0), text);
    result.complains(124, "did not end within 1.5 s");
    assertEquals("", result.out());
  }

  @Test
  void memoryHasALimit() throws IOException {
    Scripts.js(
            folder,
            within(Duration.ofSeconds(60), 150L << 20),
            "const all = []; for (;;) all.push(new Array(1000).fill(1.5));")
        .complains(1, "more than 150 MiB of memory", "--memory");
  }

  @Test
  void machinesHaveALimit() throws IOException {
    Scripts.js(folder, "for (;;) machine.fork();").complains(1, "there are 32 machines already");
  }

  @Test
  void anInterruptionEndsIt() throws Exception {
    Path file = Files.writeString(folder.resolve("loop.js"), "print('begun'); for (;;) {}\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScriptRunner runner =
        new ScriptRunner(
            Scripts.options(folder),
            InputStream.nullInputStream(),
            out,
            OutputStream.nullOutputStream());
    CompletableFuture<ScriptEnd> end =
        CompletableFuture.supplyAsync(() -> {
          try (Workbench workbench = new Workbench(null, false)) {
            return runner.run(
                file, List.of(), workbench, new Starter(workbench).boot(null, null, null, null));
          }
        });
    while (out.size() == 0 && !end.isDone()) {
      Thread.sleep(5);
    }
    runner.interrupt();
    assertEquals(130, end.get().status());
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("begun"));
  }
}
