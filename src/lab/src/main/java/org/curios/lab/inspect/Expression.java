package org.curios.lab.inspect;

import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.program.Symbols;
import org.curios.lab.program.Value;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Variables;

/**
 * An expression over the machine, as in debuggers: numbers, variables, symbols, registers ({@code
 * $r0} to {@code $pc}, {@code $cpsr}), words of memory ({@code *ADDRESS}, {@code half(A)}, {@code
 * byte(A)}), casts, members, elements and C's operators with C's precedence. Values have C's types;
 * a register, a number and a symbol without a type is an {@code int}.
 */
public final class Expression {
  private final String text;
  private final Term term;
  private final boolean constant;

  private Expression(String text, Symbols symbols, Variables variables) {
    this.text = text.strip();
    ExpressionParser parser = new ExpressionParser(text, symbols, variables);
    term = parser.parse();
    constant = parser.isConstant();
  }

  /**
   * Parses an expression over a program.
   *
   * @throws LabException when it is none, or a name is not known
   */
  public static Expression parse(String text, Program program) {
    return parse(text, program.symbols(), program.variables());
  }

  /**
   * Parses an expression without C++ variables.
   *
   * @throws LabException when it is none, or a name is not known
   */
  public static Expression parse(String text, Symbols symbols) {
    return parse(text, symbols, null);
  }

  private static Expression parse(String text, Symbols symbols, Variables variables) {
    if (text.isBlank()) {
      throw new LabException("an expression is missing, such as $r0 or *0x1000 == 5");
    }
    return new Expression(text, symbols, variables);
  }

  /**
   * Returns the value on a machine as a word: of an array, a structure or a function its address.
   *
   * @throws LabException where it needs memory that is not there, or divides by zero
   */
  public int value(Machine m) {
    return word(evaluate(m, null));
  }

  /**
   * Returns the value.
   *
   * @param frame the function whose variables and registers are used; null for the innermost
   * @throws LabException where it needs memory that is not there, or divides by zero
   */
  public Value evaluate(Machine m, Frame frame) {
    return term.value(new Term.Context(m, frame));
  }

  /** Returns a value as {@link #value} does. */
  public int word(Value v) {
    return (int) new Operators(text).scalar(v).number();
  }

  /** Returns whether the value is independent of the machine. */
  public boolean isConstant() {
    return constant;
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * Parses a number: decimal, with 0x hexadecimal, or eight hexadecimal digits, as addresses are
   * shown; digits may be separated by underscores.
   *
   * @throws LabException when it is none of 32 bits
   */
  public static int number(String text) {
    String digits = text.replace("_", "");
    try {
      long value;
      if (digits.matches("[0-9a-fA-F]{8}")) {
        value = Long.parseLong(digits, 16);
      } else if (digits.startsWith("0x") || digits.startsWith("0X")) {
        value = Long.parseLong(digits.substring(2), 16);
      } else {
        value = Long.parseLong(digits);
      }
      if (value >>> 32 == 0) {
        return (int) value;
      }
    } catch (NumberFormatException e) {
      throw new LabException(text + ": no number", e);
    }
    throw new LabException(text + ": a number has 32 bits at most");
  }
}
