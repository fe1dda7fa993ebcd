package org.curios.lab.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.inspect.Term.Context;
import org.curios.lab.program.Symbols;
import org.curios.lab.program.Value;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Variable;
import org.curios.machine.image.dwarf.Variables;

/** Parses an expression into terms. */
final class ExpressionParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(0[xX][0-9a-fA-F]+|[0-9][0-9a-zA-Z_]*|\\$\\w+|'(?:[^'\\\\]|\\\\.)'"
              + "|[A-Za-z_]\\w*(?:(?:::|\\.)\\w+)*"
              + "|\\|\\||&&|==|!=|<=|>=|<<|>>|->|[-+*/%&|^<>!~().\\[\\]])");

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
  private final Variables variables;
  private final Operators operators;
  private final Matcher tokens;
  private String token;
  private int start;
  private int end;
  private boolean constant = true;

  /**
   * Starts with the first token.
   *
   * @param variables those of C++; null for none
   */
  ExpressionParser(String text, Symbols symbols, Variables variables) {
    this.text = text;
    this.symbols = symbols;
    this.variables = variables;
    operators = new Operators(text.strip());
    tokens = TOKEN.matcher(text);
    next();
  }

  /**
   * Reads the whole text.
   *
   * @throws LabException when it is no expression, or a name is not known
   */
  Term parse() {
    Term term = binary(0);
    if (token != null) {
      throw new LabException(text + ": " + token + " is not expected here");
    }
    return term;
  }

  /** Returns whether the value of the expression is independent of the machine. */
  boolean isConstant() {
    return constant;
  }

  private void next() {
    if (text.substring(end).isBlank()) {
      token = null;
      start = text.length();
      return;
    }
    if (!tokens.region(end, text.length()).lookingAt()) {
      throw new LabException(text + ": '" + text.substring(end).strip() + "' is not understood");
    }
    token = tokens.group(1);
    start = tokens.start(1);
    end = tokens.end();
  }

  private void back(int to) {
    end = to;
    next();
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
      case "||" ->
          c -> Operators.truth(operators.isTrue(a.value(c)) || operators.isTrue(b.value(c)));
      case "&&" ->
          c -> Operators.truth(operators.isTrue(a.value(c)) && operators.isTrue(b.value(c)));
      default ->
          c ->
              operators.calculate(
                  operator, operators.scalar(a.value(c)), operators.scalar(b.value(c)));
    };
  }

  private Term unary() {
    if (token == null) {
      throw new LabException(text + ": something is missing at the end");
    }
    switch (token) {
      case "-" -> {
        next();
        Term a = unary();
        return c -> operators.calculate("-", Value.of(Type.INT, 0), operators.scalar(a.value(c)));
      }
      case "+" -> {
        next();
        return unary();
      }
      case "!" -> {
        next();
        Term a = unary();
        return c -> Operators.truth(!operators.isTrue(a.value(c)));
      }
      case "~" -> {
        next();
        Term a = unary();
        return c -> operators.calculate("^", operators.scalar(a.value(c)), Value.of(Type.INT, -1));
      }
      case "*" -> {
        next();
        Term a = unary();
        constant = false;
        return c -> operators.pointed(c, operators.scalar(a.value(c)));
      }
      case "&" -> {
        next();
        Term a = unary();
        return c -> operators.addressOf(a.value(c));
      }
      case "(" -> {
        int before = start;
        next();
        TypeName cast = castType();
        if (cast != null) {
          Term a = unary();
          return c -> operators.cast(c, cast.type(variables, c.frame().pc()), a.value(c));
        }
        back(before);
        return postfix(primary());
      }
      default -> {
        return postfix(primary());
      }
    }
  }

  /**
   * Reads a type and its closing bracket, the opening one being read.
   *
   * @return null if there is none; then some tokens may have been read
   */
  private TypeName castType() {
    List<String> words = new ArrayList<>();
    while (token != null && (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_')) {
      words.add(token);
      next();
    }
    if (words.isEmpty()) {
      return null;
    }
    int stars = 0;
    while ("*".equals(token)) {
      stars++;
      next();
    }
    if (!")".equals(token)) {
      return null;
    }
    TypeName name = new TypeName(words, stars);
    if (name.type(variables, 0) == null) {
      return null;
    }
    next();
    return name;
  }

  private void expect(String wanted) {
    if (!wanted.equals(token)) {
      throw new LabException(text + ": " + wanted + " is missing");
    }
    next();
  }

  private Term postfix(Term first) {
    Term t = first;
    while (token != null) {
      Term inner = t;
      switch (token) {
        case "." -> {
          next();
          String name = memberName();
          t =
              c -> {
                Value v = inner.value(c);
                return operators.referred(
                    c,
                    operators.member(
                        Operators.isPointer(v) ? operators.pointed(c, v) : v, name)); // as gdb does
              };
        }
        case "->" -> {
          next();
          String name = memberName();
          constant = false;
          t =
              c ->
                  operators.referred(
                      c,
                      operators.member(
                          operators.pointed(c, operators.scalar(inner.value(c))), name));
        }
        case "[" -> {
          next();
          Term index = binary(0);
          expect("]");
          constant = false;
          t = c -> operators.element(c, inner.value(c), operators.scalar(index.value(c)).number());
        }
        default -> {
          return t;
        }
      }
    }
    return t;
  }

  private String memberName() {
    if (token == null || !token.matches("[A-Za-z_].*")) {
      throw new LabException(text + ": the name of a member is missing");
    }
    return beforeDot();
  }

  /** Reads a name up to its first dot, which a member's name follows. */
  private String beforeDot() {
    int dot = token.indexOf('.');
    String name = dot < 0 ? token : token.substring(0, dot);
    back(start + name.length());
    return name;
  }

  private Term memory(Term address, Type type) {
    constant = false;
    return c -> operators.inMemory(c, type, (int) operators.scalar(address.value(c)).number());
  }

  private Term primary() {
    String name = token;
    if (name.equals("(")) {
      next();
      Term inner = binary(0);
      expect(")");
      return inner;
    }
    if (name.startsWith("$")) {
      next();
      constant = false;
      int number = RegisterNames.number(name.substring(1));
      return c -> Value.of(Type.INT, c.register(number));
    }
    if (name.startsWith("'")) {
      next();
      int value = name.charAt(name.length() - 2);
      return c -> Value.of(Type.INT, value);
    }
    if (Character.isDigit(name.charAt(0))) {
      next();
      int value = Expression.number(name);
      return c -> Value.of(Type.INT, value);
    }
    if (!Character.isLetter(name.charAt(0)) && name.charAt(0) != '_') {
      throw new LabException(text + ": " + name + " is not expected here");
    }
    int from = start;
    next();
    if ("(".equals(token) && (name.equals("byte") || name.equals("half") || name.equals("word"))) {
      next();
      Term address = binary(0);
      expect(")");
      return memory(
          address,
          name.equals("byte")
              ? Type.UNSIGNED_CHAR
              : name.equals("half") ? Type.UNSIGNED_SHORT : Type.INT);
    }
    if (name.indexOf('.') > 0 && symbols.find(name) == null) { // some symbols have dots in them
      back(from);
      return named(beforeDot());
    }
    return named(name);
  }

  /** A variable, a symbol, or an address as listings show it. */
  private Term named(String name) {
    Image.Symbol symbol = symbols.find(name);
    boolean hasVariable = variables != null && isVariable(name);
    if (symbol != null && !hasVariable) {
      return known(symbol);
    }
    if (hasVariable) {
      constant = false;
      return c -> variable(c, name, symbol);
    }
    if (variables != null && variables.constant(name) != null) {
      Value value = Value.of(variables.constantType(name), variables.constant(name));
      return c -> value;
    }
    if (name.matches("[0-9a-fA-F]{8}")) {
      int value = Integer.parseUnsignedInt(name, 16);
      return c -> Value.of(Type.INT, value);
    }
    List<String> all = new ArrayList<>(symbols.names());
    if (variables != null) {
      all.addAll(variables.globals());
    }
    throw new LabException(
        name + ": neither a variable, a symbol nor a number" + Nearest.hint(name, all));
  }

  private Term known(Image.Symbol symbol) {
    Type type =
        symbol.function() && variables != null ? variables.function(symbol.address()) : null;
    if (type == null) {
      return c -> Value.of(Type.INT, symbol.address());
    }
    return c -> Value.at(type, symbol.address(), c.frame());
  }

  private boolean isVariable(String name) {
    return variables.isLocal(name) || variables.global(name, 0) != null;
  }

  private Value variable(Context c, String name, Image.Symbol symbol) {
    Frame frame = c.frame();
    Variable v = CallFrames.local(variables, frame, name);
    if (v == null) {
      v = variables.global(name, frame.pc());
    }
    if (v != null) {
      return operators.referred(c, Value.at(v.type(), v.locate(frame), frame));
    }
    if (symbol != null) {
      return known(symbol).value(c);
    }
    throw new LabException(
        "%s: there is no variable of this name at %08x; info locals lists them"
            .formatted(name, frame.pc()));
  }
}
