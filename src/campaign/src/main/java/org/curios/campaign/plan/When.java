package org.curios.campaign.plan;

/** The instructions of its object at which a fault may happen. */
public sealed interface When {
  /** Any, all with the same probability. */
  When UNIFORM = new Uniform();

  /** Any instruction. */
  record Uniform() implements When {}

  /**
   * Those of one call of a method.
   *
   * @param number of the call, from 1, by the order of entry
   */
  record Call(int number) implements When {}

  /**
   * Those of a function.
   *
   * @param name as the symbol table has it, without namespace and parameters
   */
  record Function(String name) implements When {}

  /**
   * Those of a source line.
   *
   * @param file as the line table has it, or its end
   * @param line from 1
   */
  record Line(String file, int line) implements When {}

  /**
   * Those in requests of a client.
   *
   * @param client its name
   */
  record Request(String client) implements When {}

  /**
   * Those of a given service, although the fault strikes something else.
   *
   * @param service its name
   * @param what which of its instructions
   */
  record In(String service, When what) implements When {}
}
