package org.curios.tests.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.curios.kernel.Images;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.measure.CallCosts;
import org.curios.lab.trial.Demo;
import org.curios.tests.Peers;
import org.curios.tests.differential.Ours;
import org.curios.tests.differential.Qemu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CuriOS keeps its promises: transcripts under all policies, crashes, and its costs. */
class CuriosTest {
  private static final long MAX_TICKS = 2_000_000_000L;

  private static Map<String, Long> linesByClient(byte[] output) {
    Map<String, Long> counts = new TreeMap<>();
    new String(output, US_ASCII).lines().forEach(l -> counts.merge(l, 1L, Long::sum));
    return counts;
  }

  private static Ours.Result run(String image, String arguments, Ours.Mode mode) throws Exception {
    return Ours.run(image, Images.withArguments(image, arguments), mode, MAX_TICKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "restart", "aware", "datastore", "hot", "ssr"})
  void undisturbedWorkloadsPrintTheSameUnderEveryPolicy(String policy) throws Exception {
    String run = " run=mixed,timers,stores,scheds";
    Ours.Result reference = run("curios", "policy=ssr-packed" + run, Ours.Mode.INTERPRETED);
    Ours.Result other = run("curios", "policy=" + policy + run, Ours.Mode.INTERPRETED);
    assertEquals(0, reference.status());
    assertEquals(0, other.status());
    assertEquals(linesByClient(reference.output()), linesByClient(other.output()));
    assertFalse(new String(reference.output(), US_ASCII).contains("errors"));
  }

  /** The clients of trials have a layer of their own under aware; they wait for 10 s at the end. */
  @ParameterizedTest
  @CsvSource({"ssr-packed,'mixed,timers,stores,scheds'", "aware,'mixed,trial'"})
  void workloadsPrintTheSameOnQemu(String policy, String run) throws Exception {
    Peers.needQemu();
    byte[] image = Images.curios("policy=" + policy + " run=" + run);
    assertEquals(
        linesByClient(Ours.run("curios", image, Ours.Mode.INTERPRETED, 2 * MAX_TICKS).output()),
        linesByClient(Qemu.run(image, 60)));
  }

  @Test
  void promisesHoldWithMappedStates() throws Exception {
    Ours.Result mapped = run("tests/curios", "policy=ssr run=tests", Ours.Mode.INTERPRETED);
    Ours.Result packed = run("tests/curios", "policy=ssr-packed run=tests", Ours.Mode.INTERPRETED);
    assertEquals(0, mapped.status(), () -> new String(mapped.output(), US_ASCII));
    assertEquals(new String(packed.output(), US_ASCII), new String(mapped.output(), US_ASCII));
  }

  @Test
  void everyCrashOfEveryServiceGoesUnnoticed() {
    Demo demo = new Demo("ssr-packed");
    assertEquals(13, demo.clients().size());
    for (String service : Demo.SERVICES) {
      for (String crash : Dictionary.embedded().names(Kind.CRASH)) {
        Demo.Result outcome = demo.crash(service, crash);
        assertTrue(outcome.good(), outcome::toString);
      }
    }
  }

  @Test
  void theOutputOfTheSecondMachineCounts() {
    Demo.Result outcome = new Demo("none").crash("net", "abort");
    assertTrue(outcome.differing().contains(Demo.PEER), outcome::toString);
  }

  @ParameterizedTest
  @CsvSource({"abort,true", "hang,true", "state,false"})
  void mappedStatesSurviveWhatDoesNotDamageThem(String crash, boolean unnoticed) {
    Demo.Result outcome = new Demo("ssr").crash("store", crash);
    assertEquals(unnoticed, outcome.good(), outcome::toString);
    assertTrue(
        outcome.differing().size() <= 1,
        "an error reaches the client of the damaged state at most");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "restart", "hot"})
  void otherSchemesLoseSomething(String policy) {
    Demo.Result outcome = new Demo(policy).crash("store", "abort");
    assertFalse(outcome.differing().isEmpty(), outcome::toString);
  }

  @Test
  void costsAreWithinTheirLimits() {
    Map<String, Long> limits =
        Map.ofEntries(
            entry("context_switch", 150L),
            entry("call", 110L),
            entry("call_ssr_mapped", 145L),
            entry("call_ssr_packed_64", 260L),
            entry("recovery_1_client", 5000L),
            entry("recovery_per_client", 350L),
            entry("bytes_per_object", 4096L),
            entry("bytes_per_client", 192L),
            entry("check_private_64", 150L),
            entry("check_code_1k", 450L),
            entry("check_writes_64", 100L),
            entry("check_limit", 80L),
            entry("call_ssr_shadowed_512", 3600L),
            entry("call_ssr_shadowed_1024", 5500L),
            entry("twice_call", 3000L),
            entry("twice_call_ssr_packed_64", 4300L));
    Map<String, Long> costs = CallCosts.measure();
    assertEquals(limits.keySet(), costs.keySet());
    limits.forEach((name, limit) -> {
      assertTrue(costs.get(name) > 0 && costs.get(name) <= limit, name + " = " + costs.get(name));
    });
  }
}
