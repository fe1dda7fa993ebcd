package org.curios.machine.image.dwarf;

import java.util.List;

/**
 * A function at an address, or one that is inlined there.
 *
 * @param function its name
 * @param callLine the line that it is inlined at; null for its own function
 * @param variables its parameters, then its variables, those of inner blocks first
 */
public record Scope(String function, LineTable.Line callLine, List<Variable> variables) {}
