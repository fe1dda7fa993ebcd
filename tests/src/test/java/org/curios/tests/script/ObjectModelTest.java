package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts see of a machine and its guest, in JavaScript. */
class ObjectModelTest {
  @TempDir Path folder;

  private List<String> js(String... lines) throws IOException {
    return Scripts.js(folder, lines).lines();
  }

  @Test
  void servicesAreGoneThroughAndFound() throws IOException {
    assertEquals(
        List.of(
            "names,console,timer,sched,store,uartirq,counter,netirq,meter,files,card,net,ether,flush",
            "14 true false store store flush",
            "nothing,add,sum,touch,turn 0 255",
            "4 packed true 64 shell",
            "true false",
            "steady0,steady1,steady2,shell"),
        js(
            "print(services.map(s => s.name).join());",
            "print(services.length, 'store' in services, 'stroe' in services, services.store.name,"
                + " services['store'].name, services[-1].name);",
            "const m = services.counter.methods;",
            "print(m.map(x => x.name).join(), m[0].lowest, m[0].highest);",
            "const ssr = services.counter.ssrs[0];",
            "print(services.store.ssrs.length, ssr.kind, ssr.sound, ssr.bytes, ssr.owner.name);",
            "print(services.store.equals(services[4]), services.store.equals(services.names));",
            "print(clients.filter(c => c.name !== 'init').map(c => c.name).join());"));
  }

  @Test
  void theMachineRunsAsFarAsIsSaid() throws IOException {
    assertEquals(
        List.of(
            "2000000 10000 stopped ssr-packed",
            "ticks 2000001",
            "ticks 2200001",
            "ticks 2200004",
            "true call_begin",
            "false"),
        js(
            "print(machine.ticks, machine.us, machine.state, machine.policy);",
            "print(machine.step(), machine.ticks);",
            "print(machine.run({ms: 1}), machine.ticks);",
            "print(machine.run(3), machine.ticks);",
            "print(machine.until('call_begin', 100), machine.symbol);",
            "print(machine.until('crash_abort', {ms: 5}));"));
  }

  @Test
  void placesAreThoseOfTheShell() throws IOException {
    assertEquals(
        List.of("true put", "true", "true true", "2 true", "true", "true"),
        js(
            "print(machine.until('store.put', {ms: 100}), machine.symbol);",
            "print(machine.until('store.cc:67', {ms: 100}));",
            "const b = machine.breakpoint('store.cc:43');",
            "print(b.address === services.store.methods[0].address,"
                + " machine.until('store.cc:put', 100));",
            "machine.step(); machine.run({ms: 100}); print(b.hits, machine.pc === b.address);",
            "b.close();",
            "print(machine.disassemble('store.put', 1)[0].includes('put'));",
            "print(machine.until('object.h:21', {ms: 100}));"));
  }

  @Test
  void ofALineThatIsInSeveralPlacesEachCounts() throws IOException {
    assertEquals(
        List.of("true"),
        js(
            "const seen = new Set();",
            "const b = machine.breakpoint('object.h:21', () => seen.add(machine.pc));",
            "machine.run({ms: 20}); b.close(); print(seen.size > 1);"));
  }

  @Test
  void aThingKnowsItsOwners() throws IOException {
    assertEquals(
        List.of(
            "store steady0 active true",
            "console uartirq true",
            "{\"bytes\":256,\"kind\":\"packed\",\"owner\":\"steady0\",\"server\":\"store\"}",
            "store"),
        js(
            "const r = ssrs['store/steady0'];",
            "print(r.server.name, r.owner.name, r.owner.state, r.server.equals(services.store));",
            "const u = ssrs['console/uartirq'];",
            "print(u.server.name, u.owner.name, u.owner.equals(services.uartirq));",
            "const {bytes, kind, owner, server} = JSON.parse(JSON.stringify(r));",
            "print(JSON.stringify({bytes, kind, owner, server}));",
            "print(results.table([r]).server[0]);"));
  }

  @Test
  void thingsCanBeWrittenAsJson() throws IOException {
    assertEquals(
        List.of(
            "store active number nothing",
            "names,console,timer,sched,store,uartirq,counter,netirq,meter,files,card,net,ether,flush",
            "true true 2000000",
            "[{\"a\":1},{\"a\":2}]",
            "{\"s\":\"counter\"}"),
        js(
            "const s = JSON.parse(JSON.stringify(services.store));",
            "print(s.name, s.state, typeof s.calls, s.lastFault ?? 'nothing');",
            "print(JSON.parse(JSON.stringify(services)).map(x => x.name).join());",
            "const m = JSON.parse(JSON.stringify([machine, machine.registers]));",
            "print(m[0].policy === 'ssr-packed', m[1].sp === machine.registers.sp, m[0].ticks);",
            "print(JSON.stringify(results.table([{a: 1}, {a: 2}])));",
            "print(JSON.stringify({s: JSON.parse(JSON.stringify(services.counter)).name}));"));
  }

  @Test
  void registersAndMemoryAreReadAndWritten() throws IOException {
    assertEquals(
        List.of(
            "305419896 305419896 20",
            "true 3735928559 48879 190",
            "239,190,173,222",
            "counter",
            "true"),
        js(
            "machine.registers.r3 = 0x12345678;",
            "print(machine.registers.r3, machine.registers['r3'], machine.registers.length);",
            "const at = machine.symbols.event_ring.address;",
            "machine.memory.write('event_ring', 0xdeadbeef);",
            "print(machine.memory.event_ring === machine.memory[at], machine.memory.read(at),"
                + " machine.memory.read(at, 2), machine.memory.read(at + 1, {bytes: 1}));",
            "print(machine.memory.bytes('event_ring', 4).join());",
            "const c = services.counter; machine.memory.write(at, 0x6e756f63);"
                + " machine.memory.write(at + 4, 0x726574, 4); print(machine.memory.text(at));",
            "print(machine.symbols.at(machine.pc) === machine.symbol);"));
  }

  @Test
  void eventsAndBreakpointsCallFunctions() throws IOException {
    List<String> lines =
        js(
            "const seen = [];",
            "machine.on('*', e => seen.push(e.kind + ' ' + e.service));",
            "services.store.crash('hang');",
            "const e = machine.untilEvent('recovered', 'store', {ms: 100});",
            "print(e.kind, e.service, e.restarts, seen.join());",
            "let calls = 0; const sub = machine.on('call', e => { if (e.service === 'store' &&"
                + " e.method === 'put') calls++; });",
            "const b = machine.breakpoint(services.store.methods[0].address, b => {});",
            "machine.run({ms: 20}); sub.close(); b.close();",
            "print(calls > 0, Math.abs(calls - b.hits) <= 4);" /* four clients waited for the recovery */,
            "const w = machine.watch('event_count', {bytes: 4});",
            "services.counter.crash();",
            "print(machine.run({ms: 20}), w.hits); w.close(); machine.run({ms: 20});",
            "const stop = machine.on('fault', e => machine.stop());",
            "services.sched.crash('assert');",
            "print(machine.run({ms: 100}), services.sched.state, services.sched.lastFault);");
    assertEquals("recovered store 1 armed store,fault store,recovered store", lines.get(0));
    assertEquals("true true", lines.get(1));
    assertEquals("watchpoint 1", lines.get(2));
    assertEquals("stopped active failed assertion", lines.get(3));
  }

  @Test
  void aSnapshotIsComeBackTo() throws IOException {
    assertEquals(
        List.of("true", "true true", "0 1 0"),
        js(
            "const s = machine.snapshot();",
            "print(s.ticks === machine.ticks);",
            "machine.run({ms: 30}); const first = String(machine.registers) + machine.symbol;",
            "const tick = machine.ticks;",
            "machine.restore(s); machine.run({ms: 30});",
            "print(machine.ticks === tick, String(machine.registers) + machine.symbol === first);",
            "machine.restore(s); const before = services.store.restarts;",
            "services.store.crash(); machine.run({ms: 20}); const after = services.store.restarts;",
            "machine.restore(s); print(before, after, services.store.restarts);"));
  }

  @Test
  void forksAreIndependentAndTheSame() throws IOException {
    List<String> lines =
        js(
            "const m = boot({run: 'shell,mixed', ms: 5});",
            "function act(x) {",
            "  x.console.type('put 7 49\\nget 7\\n'); x.run({ms: 12}); x.services.store.crash('undef');",
            "  x.run({ms: 33}); x.faults.register('r4', 3); x.run({ms: 55});",
            "  const words = x.memory.bytes('event_ring', 1024).join();",
            "  return [x.ticks, String(x.registers), x.console.text, words].join('|');",
            "}",
            "const a = m.fork(), b = m.fork();",
            "const x = act(a), y = act(b), z = m.fork(act);",
            "print(x === y, x === z, x.includes('get: 49'), x.includes('mixed9: round 8'));",
            "a.close(); b.close();",
            "print(m.ticks, m.services.store.restarts);",
            "print(act(m) === x, m.console.transcripts.mixed3.length > 0);",
            "m.close(); try { m.run() } catch (e) { print(e.name, e.message) }");
    assertEquals("true true true true", lines.get(0));
    assertEquals("1000000 0", lines.get(1));
    assertEquals("true true", lines.get(2));
    assertEquals("GuestError Machine.run: the machine is closed", lines.get(3));
  }

  @Test
  void faultsLeadToTheirOutcomes() throws IOException {
    assertEquals(
        List.of(
            "recovered data abort store 0",
            "recovered deadline store 0",
            "unnoticed",
            "recovered-degraded data abort 10",
            "service lost",
            "recovered damaged state 0",
            "2147483653 2147483648"),
        js(
            "function measure(policy, fault) {",
            "  return using(boot({policy, run: 'mixed', ms: 15}), m => m.faults.measure(fault)); }",
            "let o = measure('ssr-packed', m => m.faults.abort('store'));",
            "print(o.outcome, o.detectedBy, o.service, o.differing.length);",
            "o = measure('ssr-packed', m => m.services.store.crash('hang'));",
            "print(o.outcome, o.detectedBy, o.service, o.differing.length);",
            "o = measure('ssr-packed', m => m.faults.memory('counter', 8191)); print(o.outcome);",
            "o = measure('restart', m => m.faults.abort('store'));",
            "print(o.outcome, o.detectedBy, o.differing.length);",
            "o = measure('none', m => m.faults.abort('store')); print(o.outcome);",
            "o = measure('ssr-packed', m => m.faults.ssr(m.services.store.ssrs.mixed0, 900));",
            "print(o.outcome, o.detectedBy ?? 'damaged state', o.differing.length);",
            "machine.registers.r5 = 5; faults.register('r5', 31); const r = machine.registers.r5;",
            "const w = machine.memory.read('call_begin'); faults.code('call_begin', 3);",
            "print(r, 2 ** 31 + (machine.memory.read('call_begin') ^ w) - 8);"));
  }

  @Test
  void aQuarantineIsADetectionAndWhoCannotPrintIsNotCorrupted() throws IOException {
    assertEquals(
        List.of(
            "recovered-degraded damaged state store true mixed0",
            "recovered-degraded console mixed3"),
        js(
            "function measure(server, client) {",
            "  return using(boot({policy: 'ssr', run: 'mixed', ms: 15}), m =>",
            "      m.faults.measure(x => x.services[server].ssrs[client].flip(3))); }",
            "let o = measure('store', 'mixed0');",
            "print(o.outcome, o.detectedBy, o.service, o.faults > 0, o.differing.join());",
            "o = measure('console', 'mixed3');",
            "print(o.outcome, o.service, o.differing.join());"));
  }

  @Test
  void theWayToADetectionIsNeverNegative() throws IOException {
    assertEquals(
        List.of("data abort true"),
        js(
            "using(boot({run: 'mixed', ms: 15}), m => {",
            "  const o = m.faults.measure(x => { x.faults.abort('store'); x.run({ms: 5}); });",
            "  print(o.detectedBy, o.latencyUs >= 0 && o.latencyUs < 5000); });"));
  }

  @Test
  void codeOfServicesWithoutADomainIsReached() throws IOException {
    // more objects than domains: some service has none after any while
    assertEquals(
        List.of("7"),
        js(
            "using(boot({run: 'mixed', ms: 15}), m => {",
            "  let reached = 0;",
            "  for (let id = 1; id <= 7; id++) {",
            "    const at = 0x40080000 + id * 0x100000, word = m.memory.read(at);",
            "    m.faults.code(at, 5);",
            "    const other = (m.memory.read(at) ^ word) === 32;",
            "    reached += other && m.disassemble(at, 2).length === 2;",
            "  }",
            "  print(reached); });"));
  }

  @Test
  void aDamagedStateIsSeen() throws IOException {
    assertEquals(
        List.of("true false", "true at rest"),
        js(
            "const s = services.counter.ssrs.steady1; const before = s.sound; s.flip(77);",
            "print(before, s.sound);",
            "machine.untilEvent('state-mended', {ms: 50}); machine.run({ms: 1});",
            "print(s.sound, s.state);"));
  }

  @Test
  void whatAServicePromisesCanBeChanged() throws IOException {
    List<String> lines =
        js(
            "services.counter.deadlineMs = 3; print(services.counter.deadlineMs);",
            "services.counter.crash('hang');",
            "const a = machine.untilEvent('armed', {ms: 50});",
            "const f = machine.untilEvent('fault', {ms: 50});",
            "print(f.fault, Math.round((f.ticks - a.ticks) / 200000));",
            "const m = boot({run: 'calls0', until: 'dispatch'}); m.services.meter.stateBytes = 320;",
            "m.until('meter.touch'); print(m.services.meter.ssrs[0].bytes);");
    assertEquals(List.of("3", "deadline 3", "320"), lines);
  }

  @Test
  void instructionsAreCountedByFunction() throws IOException {
    List<String> lines =
        js(
            "const from = machine.ticks; const rows = machine.profile({us: 2500});",
            "print(rows.reduce((sum, r) => sum + r.instructions, 0), machine.ticks - from);",
            "print(rows.some(r => r.function === 'call_begin'));",
            "print(machine.disassemble('call_begin', 2).join('|'));");
    assertEquals("500000 500000", lines.get(0));
    assertEquals("true", lines.get(1));
    assertTrue(
        lines.get(2).contains("call_begin") && lines.get(2).contains("ldr r4, [sp"), lines.get(2));
  }

  @Test
  void anExceptionOfACallbackReachesTheScript() throws IOException {
    assertEquals(
        List.of("true mine stopped"),
        js(
            "class Mine extends Error {}",
            "const mine = new Mine('mine');",
            "machine.on('call', e => { throw mine; });",
            "try { machine.run({ms: 20}) }",
            "catch (e) { print(e === mine, e.message, machine.state) }"));
  }
}
