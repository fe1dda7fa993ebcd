package org.curios.tests.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.curios.kernel.Images;
import org.curios.lab.trial.Transcripts;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks from inside (kernel/clients/attacks): in each scenario, each client prints the reviewed
 * transcript, nothing is given up, and the run reaches its end.
 */
class ScenariosTest {
  private static final long MAX_TICKS = 2_000_000_000L;
  private static final List<String> POLICIES = List.of("ssr", "ssr-packed", "ssr-twice");

  /** The clients that run together, by what they attack. */
  private static final Map<String, String> SCENARIOS =
      Map.ofEntries(
          Map.entry("memory and handles of others", "tests"),
          Map.entry("sessions end while recovery reads them", "culprit,freer,victim"),
          Map.entry("a client ends while recovery reads its states", "culprit,leaver,victim"),
          Map.entry("sessions come and go in recovery", "culprit,churner,victim"),
          Map.entry("recovery waits", "stuck0,bystand"),
          Map.entry("recovery waits forever", "stuck1,bystand"),
          Map.entry("recovery calls who waits", "stuck2,bystand"),
          Map.entry("recovery ends its thread", "stuck3,bystand"),
          Map.entry("recovery makes states", "stuck4,bystand"),
          Map.entry("recovery ends the object's own thread", "stuck5,bystand"),
          Map.entry("recovery hides in another service", "stuck6,bystand"),
          Map.entry("many states break recovery", "poison,bystand"),
          Map.entry("a time-out closes a circle", "lock,closer,third"),
          Map.entry("a wake closes a circle", "lock,waker,third"),
          Map.entry("a client never stops", "spin,innoc"),
          Map.entry("a service is held at the lowest priority", "low,spin,innoc"),
          Map.entry("recovery gets little time", "culprit,healthy,spin"),
          Map.entry("the state of a request that waits", "sleeper,scribbl"),
          Map.entry("sessions of a service for sessions", "reopen,third"),
          Map.entry("states take turns to break recovery", "turner,bystand"),
          Map.entry("a change of a state that a sum does not see", "sleeper,unseen"),
          Map.entry("the time that a caller gives", "patient,holder"),
          Map.entry("a client makes a service fault again and again", "crasher,bystand"),
          Map.entry("a client with the right to priority never stops", "rush,innoc"),
          Map.entry("held at the lowest priority, under one with the right", "low,rush,innoc"),
          Map.entry("a service's quota", "hoarder,late"),
          Map.entry("a service's limit of time", "bound"),
          Map.entry("a driver that waits for an interrupt crashes", "driver"),
          Map.entry("the host's services", "host"),
          Map.entry("a commit with a broken stack", "deep,bystand"));

  static Stream<Arguments> scenarios() {
    return SCENARIOS.entrySet().stream()
        .flatMap(s -> POLICIES.stream().map(p -> Arguments.of(s.getKey(), s.getValue(), p)));
  }

  private static Map<String, List<String>> expected() throws IOException {
    Map<String, List<String>> all = new TreeMap<>();
    for (String file : List.of("clients.expected", "../programs/attacks.expected")) {
      try (InputStream in = ScenariosTest.class.getResourceAsStream(file)) {
        all.putAll(Transcripts.byClient(new String(in.readAllBytes(), US_ASCII)));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0} ({2})")
  @MethodSource("scenarios")
  void keepsPromises(String name, String run, String policy) throws Exception {
    byte[] image = Images.withArguments("tests/attacks", "policy=" + policy + " run=" + run);
    Ours.Result result = Ours.run(name, image, Ours.Mode.INTERPRETED, MAX_TICKS);
    String output = new String(result.output(), US_ASCII);
    Map<String, List<String>> wanted = expected();
    wanted.keySet().retainAll(clients(run));
    assertEquals(text(wanted), text(Transcripts.byClient(output)), () -> output);
    assertEquals(List.of(), output.lines().filter(l -> l.startsWith("cuik: ")).toList());
    assertEquals(0, result.status(), output);
  }

  private static List<String> clients(String run) {
    return Stream.of(run.split(","))
        .map(c -> Character.isDigit(c.charAt(c.length() - 1)) ? c : c + "0")
        .toList();
  }

  private static String text(Map<String, List<String>> transcripts) {
    return String.join("\n", transcripts.values().stream().flatMap(List::stream).toList());
  }
}
