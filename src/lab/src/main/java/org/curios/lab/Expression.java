package org.curios.lab;

import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.core.Cpu;
import org.curios.machine.Image;
import org.curios.machine.Machine;

/**
 * An expression over the machine, as debuggers have it: numbers, symbols, registers ({@code $r0} to
 * {@code $pc}, {@code $cpsr}), words of memory ({@code *ADDRESS}, {@code half(A)}, {@code byte(A)})
 * and C's operators with C's precedence. Values have 32 bits and a sign.
 */
public final class Expression {
  /** A part of an expression. */
  @FunctionalInterface
  private interface Term {
    int value(Machine m);
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(0[xX][0-9a-fA-F]+|[0-9][0-9a-zA-Z_]*|\\$\\w+|[A-Za-z_][\\w:.]*"
              + "|\\|\\||&&|==|!=|<=|>=|<<|>>|[-+*/%&|^<>!~()])");

  /** Binary operators by precedence, the loosest first. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("==", "!="),
          List.of("<", ">", "<=", ">="),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  private final String text;
  private final Symbols symbols;
  private final Matcher tokens;
  private String token;
  private int end;
  private boolean constant = true;
  private final Term term;

  private Expression(String text, Symbols symbols) {
    this.text = text;
    this.symbols = symbols;
    tokens = TOKEN.matcher(text);
    next();
    term = binary(0);
    if (token != null) {
      throw new LabException(text + ": " + token + " is not expected here");
    }
  }

  /**
   * Parses an expression.
   *
   * @throws LabException when it is none, or a name is not known
   */
  public static Expression parse(String text, Symbols symbols) {
    if (text.isBlank()) {
      throw new LabException("an expression is missing, such as $r0 or *0x1000 == 5");
    }
    return new Expression(text, symbols);
  }

  /**
   * Returns the value on a machine.
   *
   * @throws LabException where it needs memory that is not there, or divides by zero
   */
  public int value(Machine m) {
    return term.value(m);
  }

  /** Returns whether the value depends on no machine. */
  public boolean isConstant() {
    return constant;
  }

  @Override
  public String toString() {
    return text.strip();
  }

  private void next() {
    if (text.substring(end).isBlank()) {
      token = null;
      return;
    }
    if (!tokens.region(end, text.length()).lookingAt()) {
      throw new LabException(text + ": '" + text.substring(end).strip() + "' is not understood");
    }
    token = tokens.group(1);
    end = tokens.end();
  }

  private Term binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    Term left = binary(level + 1);
    while (token != null && LEVELS.get(level).contains(token)) {
      String operator = token;
      next();
      left = join(operator, left, binary(level + 1));
    }
    return left;
  }

  private Term join(String operator, Term a, Term b) {
    return switch (operator) {
      case "||" -> m -> a.value(m) != 0 || b.value(m) != 0 ? 1 : 0;
      case "&&" -> m -> a.value(m) != 0 && b.value(m) != 0 ? 1 : 0;
      case "|" -> both(a, b, (x, y) -> x | y);
      case "^" -> both(a, b, (x, y) -> x ^ y);
      case "&" -> both(a, b, (x, y) -> x & y);
      case "==" -> both(a, b, (x, y) -> x == y ? 1 : 0);
      case "!=" -> both(a, b, (x, y) -> x != y ? 1 : 0);
      case "<" -> both(a, b, (x, y) -> x < y ? 1 : 0);
      case ">" -> both(a, b, (x, y) -> x > y ? 1 : 0);
      case "<=" -> both(a, b, (x, y) -> x <= y ? 1 : 0);
      case ">=" -> both(a, b, (x, y) -> x >= y ? 1 : 0);
      case "<<" -> both(a, b, (x, y) -> x << y);
      case ">>" -> both(a, b, (x, y) -> x >> y);
      case "+" -> both(a, b, Integer::sum);
      case "-" -> both(a, b, (x, y) -> x - y);
      case "*" -> both(a, b, (x, y) -> x * y);
      default -> both(a, b, (x, y) -> divide(operator, x, y));
    };
  }

  private int divide(String operator, int x, int y) {
    if (y == 0) {
      throw new LabException(text + ": division by zero");
    }
    return operator.equals("/") ? x / y : x % y;
  }

  private static Term both(Term a, Term b, IntBinaryOperator operator) {
    return m -> operator.applyAsInt(a.value(m), b.value(m));
  }

  private static Term one(Term a, IntUnaryOperator operator) {
    return m -> operator.applyAsInt(a.value(m));
  }

  private Term unary() {
    if (token == null) {
      throw new LabException(text + ": something is missing at the end");
    }
    String operator = token;
    switch (operator) {
      case "-" -> {
        next();
        return one(unary(), x -> -x);
      }
      case "+" -> {
        next();
        return unary();
      }
      case "!" -> {
        next();
        return one(unary(), x -> x == 0 ? 1 : 0);
      }
      case "~" -> {
        next();
        return one(unary(), x -> ~x);
      }
      case "*" -> {
        next();
        return memory(unary(), 4);
      }
      case "(" -> {
        next();
        Term inner = binary(0);
        expect(")");
        return inner;
      }
      default -> {
        return primary();
      }
    }
  }

  private void expect(String wanted) {
    if (!wanted.equals(token)) {
      throw new LabException(text + ": " + wanted + " is missing");
    }
    next();
  }

  private Term memory(Term address, int bytes) {
    constant = false;
    return m -> {
      int at = address.value(m);
      long value = VirtualMemory.read(m, at, bytes);
      if (value < 0) {
        throw new LabException("%s: there is no memory at %08x".formatted(this, at));
      }
      return (int) value;
    };
  }

  private Term primary() {
    String name = token;
    if (name.startsWith("$")) {
      next();
      constant = false;
      return register(name.substring(1));
    }
    if (Character.isDigit(name.charAt(0))) {
      next();
      int value = number(name);
      return m -> value;
    }
    if (!Character.isLetter(name.charAt(0)) && name.charAt(0) != '_') {
      throw new LabException(text + ": " + name + " is not expected here");
    }
    next();
    if ("(".equals(token) && (name.equals("byte") || name.equals("half") || name.equals("word"))) {
      next();
      Term address = binary(0);
      expect(")");
      return memory(address, name.equals("byte") ? 1 : name.equals("half") ? 2 : 4);
    }
    Image.Symbol symbol = symbols.find(name);
    if (symbol != null) {
      return m -> symbol.address();
    }
    if (name.matches("[0-9a-fA-F]{8}")) {
      int value = Integer.parseUnsignedInt(name, 16);
      return m -> value;
    }
    throw new LabException(
        name + ": neither a symbol nor a number" + Nearest.hint(name, symbols.names()));
  }

  /**
   * Takes a text for a number: decimal, with 0x hexadecimal, or eight hexadecimal digits, as
   * addresses are shown; digits may be parted by underscores.
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

  private static Term register(String name) {
    int number = registerNumber(name);
    return number == CPSR ? m -> m.cpu().cpsr() : m -> m.cpu().register(number);
  }

  /** Number of the CPSR behind R0 to R15. */
  public static final int CPSR = 16;

  /** Returns the number of a register by its name, without the $. */
  public static int registerNumber(String name) {
    return switch (name) {
      case "pc" -> 15;
      case "lr" -> 14;
      case "sp" -> 13;
      case "ip" -> 12;
      case "fp" -> 11;
      case "cpsr" -> CPSR;
      default -> {
        if (!name.matches("r([0-9]|1[0-5])")) {
          throw new LabException("$" + name + ": no such register; r0 to r15, sp, lr, pc, cpsr");
        }
        yield Integer.parseInt(name.substring(1));
      }
    };
  }

  /** Sets a register by its number. */
  public static void setRegister(Cpu cpu, int number, int value) {
    if (number == CPSR) {
      cpu.setCpsr(value);
    } else {
      cpu.setRegister(number, value);
    }
  }
}
