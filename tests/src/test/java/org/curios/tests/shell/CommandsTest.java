package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.tests.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do to a stopped machine: the same on every run. */
class CommandsTest extends AtStoppedMachine {
  private String answer(String line) throws Exception {
    return t.answer(line);
  }

  private String find(String pattern, String text) {
    Matcher m = Pattern.compile(pattern).matcher(text);
    assertTrue(m.find(), () -> pattern + " in:\n" + text);
    return m.group(1);
  }

  @Test
  void theGuestMayEndAndTheSessionGoesOn() throws Exception {
    answer("type halt");
    t.type("cont\r"); // it gives the prompt back at once, while the guest runs
    t.await(
        "(?s)the guest has ended; restore a snapshot, go back, or reboot.*curios [a-z]+ [0-9][^\n]*> ");
    assertTrue(answer("back 10").contains("tick "));
    assertTrue(answer("reboot").contains("rebooted"));
    assertTrue(answer("until @2000000").contains("tick 2,000,000"));
  }

  @Test
  void aTransferOfTheCardFails() throws Exception {
    assertTrue(answer("crash card error read").contains("The next block that is read fails"));
    assertTrue(answer("crash store error").contains("only the card's driver"));
    assertTrue(answer("crash card error twice").contains("error read or error write"));
  }

  @Test
  void anInterruptGetsLost() throws Exception {
    answer("until @4000000");
    assertTrue(answer("crash store interrupt").contains("these do: uartirq, netirq"));
    assertTrue(answer("crash uartirq interrupt 12").contains("takes nothing more"));
    assertEquals("The next interrupt of line 12 gets lost.", answer("crash uartirq interrupt"));
    assertTrue(answer("type count").contains("count: 0"));
  }

  @Test
  void whatNobodyCallsCrashesWhenItRunsNext() throws Exception {
    answer("until @4000000");
    assertTrue(answer("crash uartirq abort --at 2").contains("nobody calls uartirq"));
    assertTrue(answer("crash uartirq").contains("it crashes when it does"));
    answer("type help");
    assertTrue(answer("services | where service = uartirq").contains("data abort"));
    assertTrue(answer("events").contains("restart 1"));
  }

  @Test
  void storyAndEventsTellTheSameTimes() throws Exception {
    String story = answer("crash store abort");
    String time = find("recovered  in ([\\d.]+ us) ", story);
    String events = answer("events");
    assertTrue(events.contains("after " + time + ", restart 1"), events);
  }

  @Test
  void statesThatARestartLosesAreSaidToBeLost() throws Exception {
    String reboot = answer("policy restart");
    assertTrue(reboot.contains("rebooted with policy restart"), reboot);
    answer("until @4000000");
    String story = answer("crash store abort");
    assertTrue(find("(4 states, all lost)", story).startsWith("4"), story);
    assertFalse(story.contains("none quarantined"), story);
  }

  @Test
  void thePolicyIsThatOfTheBootFromTheStartOn() throws Exception {
    answer("snapshot packed");
    assertEquals("rebooted with policy restart", answer("policy restart"));
    assertTrue(answer("policy").startsWith("restart; "), "at its first instruction");
    answer("reboot");
    assertTrue(answer("policy").startsWith("restart; "));
    answer("reboot shell");
    assertTrue(answer("policy").startsWith("restart; "));
    assertTrue(
        answer("until @4,000,000; policy").endsWith("restart; policy NAME reboots with another"));
    assertFalse(answer("clients").contains("steady"));
    answer("restore packed");
    assertTrue(answer("policy").startsWith("ssr-packed; "));
    answer("reboot; until @4,000,000");
    assertTrue(answer("policy").startsWith("ssr-packed; "), "what runs is booted again");
    assertTrue(answer("clients").contains("steady"));
  }

  @Test
  void beforeTheBootNothingIsThereAndThatIsSaid() throws Exception {
    answer("reboot");
    String advice = "the kernel has not booted; run it to tick 2,000,000";
    for (String line :
        List.of(
            "services",
            "clients",
            "threads",
            "ssr",
            "memory",
            "events",
            "crash store",
            "handles steady0",
            "crash store --client steady0")) {
      assertTrue(answer(line).contains(advice), () -> line);
    }
    assertTrue(answer("until @2,000,000; crash store").contains("recovered  in"));
  }

  @Test
  void aCrashThatNobodyMeetsSaysWhatToDo() throws Exception {
    t.close();
    t = new TypedShell("dumb", "ssr-packed", "shell");
    t.session().runTo(4_000_000);
    t.open();
    String answer = answer("crash console abort");
    assertTrue(
        answer
            .replace('\n', ' ')
            .contains(
                "no request of console has reached it yet; it stays armed; cont resumes the machine, and"
                    + " events shows it when it happens; type WORDS makes the guest's shell call console"),
        answer);
    answer("type help");
    assertTrue(answer("services | where service = console").contains("data abort"));
  }

  @Test
  void escapeSequencesOfTheGuestAreShownAndNotObeyed(@TempDir Path folder) throws Exception {
    String wipe = "\u001b[2J\u009b1m\u0007";
    t.session()
        .change(m -> {
          int name = t.guest().at(m).object("steady1").descriptor().addressOf("name");
          m.bus().write(name, 0x1b, 1);
        });
    String clients = answer("clients");
    assertTrue(clients.contains("^[teady1"), clients);
    assertTrue(answer("threads; handles ^[teady1; bt 5; ssr store").contains("^[teady1"));
    assertTrue(
        answer("crash store --client ^[teady1").contains("struck     get of ^[teady1")
            || t.screen().contains("of ^[teady1"),
        t::screen);
    t.console().output().write((wipe + " printed\n").getBytes(StandardCharsets.ISO_8859_1));
    for (String line : List.of("output 3", "log 3")) {
      assertTrue(answer(line).contains("^[[2J\\x9b1m^G printed"), () -> line + t.screen());
    }
    Path script =
        Files.writeString(
            folder.resolve("a.js"),
            "print('\\u001b[2J said'); throw new Error('\\u001b[2J thrown')");
    String said = answer("script " + script);
    assertTrue(said.contains("^[[2J said") && said.contains("Error: ^[[2J thrown"), said);
    assertFalse(t.raw().contains("\u001b") || t.raw().contains("\u009b"), t::raw);
  }

  // ---- states

  @Test
  void statesAreTakenApartAsTheirServersDescribeThem() throws Exception {
    answer("type put 7 49; type add 5");
    String id = find("(\\w{8})  store +shell", answer("ssr store"));
    String text = answer("ssr show " + id);
    assertTrue(
        text.contains(
            "state of shell in store, packed, at rest, 256 bytes, tag 53540001, checksum ok"),
        text);
    assertTrue(text.contains("pairs[0]   key 7 value 49\n  pairs      the other 27 are 0"), text);
    Map<String, Object> json = JsonReader.object(answer("ssr show " + id + " --json"));
    Map<?, ?> fields = (Map<?, ?>) json.get("fields");
    assertEquals(1.0, fields.get("count"));
    assertEquals(Map.of("key", 7.0, "value", 49.0), ((List<?>) fields.get("pairs")).get(0));
    assertEquals(64, ((List<?>) json.get("words")).size());
    String counter = find("(\\w{8})  counter +shell", answer("ssr counter"));
    assertTrue(answer("ssr show " + counter).contains("history    5, the other 11 are 0"));
    String input = find("(\\w{8})  console +uartirq", answer("ssr console"));
    assertTrue(answer("ssr show " + input).contains("ring       \"put 7 49\\nadd 5\\n\""));
  }

  @Test
  void memoryCountsStatesAndTheirWaste() throws Exception {
    for (String line : answer("memory --json").split("\n")) {
      Map<String, Object> row = JsonReader.object(line);
      if (row.get("object").equals("store")) {
        assertEquals(4.0, row.get("states"));
        assertEquals(4 * 236.0, row.get("state_bytes"));
        assertEquals(
            4 * (32 + 2 * 256 - 236.0), row.get("waste"), "record, and rounding to 32 bytes");
      }
    }
  }

  // ---- code

  @Test
  void breakpointsWithConditions() throws Exception {
    answer("break store.cc:43 if $r1 == 10 && *($r0 + 8) >= 0");
    String stop = answer("until @100,000,000");
    assertTrue(stop.startsWith("breakpoint 1, 40580000 put at services/store.cc:43\ntick "), stop);
    assertTrue(answer("print $r1").startsWith("10  0xa"));
    assertTrue(
        answer("bt")
            .contains("in store.put\n  #0  40580000 <put> at services/store.cc:43\nin steady"));
    assertTrue(answer("list").contains("=>   43    if (s == nullptr) return NOT_CONNECTED;"));
    assertTrue(answer("disas").contains("services/store.cc:43  if (s == nullptr)"));
    String list = answer("info break");
    assertTrue(
        list.contains("breakpoint  yes         1  40580000 put at services/store.cc:43  $r1 == 10"),
        list);
    assertTrue(answer("finish").contains("r0 is "));
    answer("disable 1; tbreak timer.wait");
    answer("delete 1");
    assertTrue(answer("until @100,000,000").contains("breakpoint 2, "), "tbreak");
    assertTrue(answer("info break").contains("no breakpoints or watchpoints"), "and it is gone");
  }

  @Test
  void watchpointsTellOldAndNew() throws Exception {
    answer("until store.put; delete");
    answer("watch $r4");
    String first = answer("until @100,000,000");
    assertTrue(first.contains("watchpoint 1, $r4 in user mode of store: "), first);
    String second = answer("until @100,000,000");
    String tick = find("tick ([0-9,]+)", first);
    assertFalse(second.contains("tick " + tick), second);
    assertTrue(answer("reverse-cont").contains("tick " + tick));
    answer("delete");
    String id = find("(\\w{8})  store +steady0", answer("ssr store"));
    answer("watch ssr " + id);
    assertTrue(answer("until @100,000,000").contains("the state of steady0 in store, SSR " + id));
    answer("delete; catch fault store");
    answer("crash store abort");
    assertTrue(answer("info break").contains("catchpoint  yes         1  fault of store"));
  }

  @Test
  void stepsAndCalls() throws Exception {
    answer("until store.put");
    String before = answer("print $pc");
    answer("next");
    assertTrue(!before.equals(answer("print $pc")));
    String line = answer("next -l");
    assertTrue(line.contains("services/store.cc:"), line);
    answer("until use_store");
    String in = find("tick ([0-9,]+)", answer("step -l"));
    assertTrue(answer("reverse-step 3; step 3").contains("tick " + in));
    assertTrue(answer("x/2i $pc").contains("=> "));
    assertTrue(
        answer("info symbol store.put")
            .contains("40580000: put at services/store.cc:43, function of"));
    assertTrue(
        answer("info line store.cc:43").contains("40580000  put     services/store.cc    43"));
  }

  @Test
  void registersAndMemoryCanBeSet() throws Exception {
    answer("set $r5 = 0x1234; set *($sp) = 77; set byte($sp + 4) = 255");
    assertTrue(answer("p/x $r5").contains("0x00001234"));
    assertTrue(answer("x /2xb $sp").contains("0x4d  0x00"));
    assertTrue(answer("p byte($sp+4)").startsWith("255"));
    answer("step 10");
    answer("back 10");
    assertTrue(answer("p *$sp").startsWith("77"), "what was set is part of the past");
  }

  @Test
  void theWalkOfTheTablesSaysWhy() throws Exception {
    answer("until store.put");
    assertTrue(answer("mmu 0").contains("now user        permission fault, status d"));
    assertTrue(
        answer("mmu $sp")
            .contains("load, store and fetch work\nbelongs to      store: home stack"));
    assertTrue(answer("mmu store.put").contains("load works; store permission fault"), "code");
    assertTrue(answer("mmu 0x40500400").contains("store: guard and page table"));
    assertTrue(answer("mmu 0x80000000").contains("section translation fault, status 5"));
    assertTrue(
        answer("mmu 0x40280000").contains("domain fault")
            || answer("mmu 0x40280000").contains("translation fault"));
  }

  /** A process identifier takes the place of the seven high bits of an address (DDI 0100, B8). */
  @Test
  void theWalkOfTheTablesIsOfTheProcess() throws Exception {
    String own = answer("mmu 0").lines().findFirst().orElseThrow();
    String other = answer("mmu 0x2000000").lines().findFirst().orElseThrow();
    assertNotEquals(own, other);
    t.session().call(m -> m.cpu().cp15.write(0, 13, 0, 0, 1 << 25));
    assertEquals(other, answer("mmu 0").lines().findFirst().orElseThrow());
  }

  // ---- policy

  @Test
  void anotherPolicyTakesAReboot() throws Exception {
    answer("crash store abort");
    assertEquals("rebooted with policy restart", answer("policy restart"));
    assertTrue(answer("until @4000000").contains("tick 4,000,000"));
    assertTrue(answer("policy").startsWith("restart; "));
    assertTrue(answer("services | grep store").matches("store +active +\\d+ +0 .*"));
    String crash = answer("crash store abort");
    assertTrue(crash.contains("its request returns LOST; its state is lost"), crash);
    assertTrue(crash.contains("its next call returns LOST; its state is lost"), crash);
    answer("policy none; until @4000000");
    String given = answer("crash store abort");
    assertTrue(
        given.contains("given up") && given.contains("its calls return DEAD from now on"), given);
    assertTrue(
        answer("crash store abort").contains("store is failed; reboot starts everything again"));
  }

  // ---- time

  @Test
  void whoWroteThisLast() throws Exception {
    answer("bookmark here");
    assertTrue(answer("bookmark").contains("here"));
    String here = find("tick ([\\d,]*\\d)", answer("when"));
    String story = answer("last-write event_count");
    assertTrue(story.contains("<event_count>, 4 bytes was written last "), story);
    String before = find("instructions ago: (\\d+), then", story);
    String after = find(", then (\\d+)", story);
    assertTrue(story.contains("in kernel; until @"), story);
    assertTrue(story.contains("cuik/event.cc:"), story);
    assertEquals(before + " ", answer("print event_count").split(" ")[0].strip() + " ");
    answer("step");
    assertTrue(answer("print event_count").strip().startsWith(after + " "));
    assertTrue(answer("until @here").contains("tick " + here));
    assertTrue(answer("back @there").contains("@there: give a tick, as in @5,000,000"));
    answer("back 10; back @0");
    String nothing = answer("last-write event_count");
    assertTrue(nothing.contains("nothing has written there since tick 0"), nothing);
    assertTrue(answer("when").contains("tick 0, 0 us; ticks 0 to "));
  }
}
