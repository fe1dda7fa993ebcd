package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.plan.Sampling;
import org.curios.campaign.plan.When;
import org.curios.lab.LabException;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan says what is wrong with it, where and why. */
class PlanTest {
  @Test
  void everythingThatAPlanCanSay() {
    Plan plan =
        PlanReader.parse(
            "all.yaml",
            """
            campaign: everything
            clients: [trial0, trial1]
            peer: peer
            policies: [ssr, ssr-packed]
            faults:
              - code
              - kind: register
                services: [store]
                bits: 2
                stuck: 1
                weight: 3
                at: {function: get}
              - kind: crash
                at: {line: "services/store.cc:23"}
                then: {kind: kernel_register, during: recovery}
            sampling: {method: weighted, precision: "±1 % at 99 %", expected: 90 %}
            seed: -7
            """);
    assertEquals("everything", plan.name());
    assertEquals("trial0,trial1", plan.clients());
    assertEquals("peer", plan.peer());
    assertEquals(List.of("ssr", "ssr-packed"), plan.policies());
    assertEquals(
        List.of("code", "register x2=1", "crash, kernel_register in recovery"),
        plan.faults().stream().map(FaultSet::name).toList());
    FaultSet register = plan.faults().get(1);
    assertEquals(Fault.Mode.STUCK_AT_1, register.mode());
    assertEquals(new When.Function("get"), register.when());
    assertEquals(3, register.weight());
    assertEquals(new When.Line("services/store.cc", 23), plan.faults().get(2).when());
    assertTrue(plan.faults().get(2).inRecovery());
    assertEquals(Sampling.Method.WEIGHTED, plan.sampling().method());
    assertEquals(-7, plan.seed());
    assertEquals(2 * plan.sampling().trials(), plan.rows());
  }

  @Test
  void whatIsNotSaidHasItsUsualValue() {
    Plan plan = PlanReader.parse("short.yaml", "sampling: {trials: 1_000}");
    assertEquals("short.yaml", plan.name());
    assertEquals(Plan.MIXED, plan.clients());
    assertEquals("", plan.peer());
    assertEquals(List.of("ssr-packed"), plan.policies());
    assertEquals(FaultClass.basic(), plan.faults().stream().map(FaultSet::kind).toList());
    assertEquals(1000, plan.sampling().trials());
    assertEquals(Sampling.Method.STRATIFIED, plan.sampling().method());
    assertEquals("quick", PlanReader.quick().name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                              | p.yaml:1:1: the plan is empty",
        "sampling: [                                     | p.yaml:1:",
        "policies: [ssr]                                 | p.yaml:1:1: the plan: sampling is missing",
        "sampling: {trials: 5}~polices: [ssr]            | p.yaml:2:1: polices: no such key; did you mean policies?",
        "sampling: {trials: 5}~policies: [ssr, ssr-paked] | p.yaml:2:17: policies: ssr-paked: not known; did you mean ssr-packed?",
        "sampling: {trials: 5}~policies: [ssr, ssr]      | p.yaml:2:17: policies: ssr is given twice",
        "sampling: {trials: 0}                           | p.yaml:1:20: trials: 0: give a number from 1",
        "sampling: {trials: many}                        | p.yaml:1:20: trials: many: not a whole number",
        "sampling: {precision: tiny}                     | p.yaml:1:23: precision: tiny: not a precision",
        "sampling: {trials: 5, precision: 1 %}           | p.yaml:1:11: sampling: give either",
        "sampling: {trials: 5, expected: 90 %}           | p.yaml:1:33: expected: it belongs to a precision",
        "sampling: {trials: 5}~faults: [regster]         | p.yaml:2:10: faults: regster: not known; did you mean register?",
        "sampling: {trials: 5}~faults: [code, code]      | p.yaml:2:16: faults: code is given twice",
        "sampling: {trials: 5}~faults: []                | p.yaml:2:9: faults: the list is empty",
        "sampling: {trials: 5}~faults: [{kind: crash, bits: 2}] | p.yaml:2:30: bits: crash has no bits",
        "sampling: {trials: 5}~faults: [{kind: code, bits: 9}] | p.yaml:2:29: bits: 9: give a number from 1 to 8",
        "sampling: {trials: 5}~faults: [{kind: field}]   | p.yaml:2:10: faults: name fields by places",
        "sampling: {trials: 5}~faults: [{kind: kernel_memory, services: [store]}] | p.yaml:2:42: services: kernel_memory strikes the kernel",
        "sampling: {trials: 5}~faults: [{kind: code, at: {line: store}}] | p.yaml:2:34: line: store: give file and line",
        "sampling: {trials: 5}~faults: [{kind: device, at: {call: 3}}] | p.yaml:2:29: at: say which service is called",
        "sampling: {trials: 5}~faults: [{kind: code, at: {call: 3, service: net}}] | p.yaml:2:46: service: code strikes what runs",
        "sampling: {trials: 5}~faults: [{kind: ssr, at: {service: net}}] | p.yaml:2:26: at: give one of call, function",
        "sampling: {trials: 5}~faults: [{kind: private, places: [stak]}] | p.yaml:2:35: places: stak: not known; did you mean stack?",
        "sampling: {trials: 5}~faults: [packet]         | p.yaml:2:10: faults: packet needs frames from a second machine; name its clients",
        "sampling: {trials: 5}~faults: [{kind: code, then: {kind: packet}}] | p.yaml:2:10: faults: packet needs frames",
        "sampling: {trials: 5}~peer: peer~faults: [{kind: packet, stuck: 1}] | p.yaml:3:32: stuck: packet has no bits that can be stuck",
        "sampling: {trials: 5}~peer: peer~faults: [{kind: packet, places: [\"in:los\"]}] | p.yaml:3:34: places: in:los: not known; did you mean in:loss?",
        "sampling: {trials: 5}~peer: peer~faults: [{kind: packet, bits: 2, places: [\"in:loss\"]}] | p.yaml:3:31: bits: in:loss: no bits there",
        "sampling: {trials: 5}~peer: peer~policies: [snapshot] | p.yaml:2:7: peer: snapshot cannot take the second machine back",
        "sampling: {trials: 5}~peer: nobody              | p.yaml:2:7: peer: nobody: no such client",
        "sampling: {trials: 5}~clients: nobody           | p.yaml:2:10: clients: nobody: no such client",
        "sampling: {trials: 5}~seed: 1~seed: 2           | p.yaml:3:1: seed: given twice"
      })
  void whatIsWrongIsSaidWithLineColumnAndReason(String text, String message) {
    LabException e =
        assertThrows(LabException.class, () -> PlanReader.parse("p.yaml", text.replace('~', '\n')));
    assertTrue(e.getMessage().startsWith(message), e::getMessage);
    assertEquals(1, e.getMessage().lines().count(), e::getMessage);
  }
}
