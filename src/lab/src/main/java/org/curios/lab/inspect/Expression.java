package org.curios.lab.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.program.Program;
import org.curios.lab.program.Symbols;
import org.curios.lab.program.Value;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Type.Kind;
import org.curios.machine.image.dwarf.Variable;
import org.curios.machine.image.dwarf.Variables;

/**
 * An expression over the machine, as debuggers have it: numbers, variables, symbols, registers
 * ({@code $r0} to {@code $pc}, {@code $cpsr}), words of memory ({@code *ADDRESS}, {@code half(A)},
 * {@code byte(A)}), casts, members, elements and C's operators with C's precedence. Values have C's
 * types; a register, a number and a symbol without a type is an {@code int}.
 */
public final class Expression {
  /** A part of an expression. */
  @FunctionalInterface
  private interface Term {
    Value value(Context c);
  }

  /** Where an expression is evaluated. */
  private static final class Context {
    final Machine m;
    private final boolean selected;
    private Frame frame;

    Context(Machine m, Frame frame) {
      this.m = m;
      this.frame = frame;
      this.selected = frame != null;
    }

    Frame frame() {
      if (frame == null) {
        frame = CallFrames.innermost(m);
      }
      return frame;
    }

    int register(int number) {
      return number == CPSR
          ? m.cpu().cpsr()
          : selected ? frame.registers()[number] : m.cpu().register(number);
    }
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(0[xX][0-9a-fA-F]+|[0-9][0-9a-zA-Z_]*|\\$\\w+|'(?:[^'\\\\]|\\\\.)'"
              + "|[A-Za-z_]\\w*(?:(?:::|\\.)\\w+)*"
              + "|\\|\\||&&|==|!=|<=|>=|<<|>>|->|[-+*/%&|^<>!~().\\[\\]])");

  /** Words that types are made of beside their names. */
  private static final List<String> TYPE_WORDS =
      List.of("unsigned", "signed", "char", "short", "int", "long", "void");

  /** What may stand beside them. */
  private static final List<String> DECORATION =
      List.of("const", "volatile", "struct", "class", "union", "enum");

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
  private final Matcher tokens;
  private String token;
  private int start;
  private int end;
  private boolean constant = true;
  private final Term term;

  private Expression(String text, Symbols symbols, Variables variables) {
    this.text = text;
    this.symbols = symbols;
    this.variables = variables;
    tokens = TOKEN.matcher(text);
    next();
    term = binary(0);
    if (token != null) {
      throw new LabException(text + ": " + token + " is not expected here");
    }
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
   * @param frame the function whose variables and registers count; null for the innermost
   * @throws LabException where it needs memory that is not there, or divides by zero
   */
  public Value evaluate(Machine m, Frame frame) {
    return term.value(new Context(m, frame));
  }

  /** Returns a value as {@link #value} does. */
  public int word(Value v) {
    return (int) scalar(v).number();
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

  // ---- operators

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
      case "||" -> c -> truth(isTrue(a.value(c)) || isTrue(b.value(c)));
      case "&&" -> c -> truth(isTrue(a.value(c)) && isTrue(b.value(c)));
      default -> c -> calculate(operator, scalar(a.value(c)), scalar(b.value(c)));
    };
  }

  private static Value truth(boolean yes) {
    return Value.of(Type.INT, yes ? 1 : 0);
  }

  private boolean isTrue(Value v) {
    return scalar(v).number() != 0;
  }

  /** A value as C's operators take it: arrays and functions are their addresses. */
  private Value scalar(Value v) {
    Type plain = v.type().plain();
    switch (plain.kind()) {
      case ARRAY, FUNCTION, STRUCT -> {
        if (v.address() == null) {
          throw new LabException(
              this + ": " + (v.isUnknown() ? v.whyUnknown() : "it has no address"));
        }
        Type of = plain.kind() == Kind.ARRAY ? plain.target() : v.type();
        return Value.of(Type.pointerTo(of), v.address());
      }
      case FLOAT, VOID ->
          throw new LabException(this + ": a value of type " + v.type().name() + " is no integer");
      default -> {
        if (!v.isKnown()) {
          throw new LabException(this + ": " + v.whyUnknown());
        }
        return v;
      }
    }
  }

  private static boolean isPointer(Value v) {
    return v.type().plain().kind() == Kind.POINTER;
  }

  /** The type of an operation's result: C's usual arithmetic conversions. */
  private static Type common(Value a, Value b) {
    Type wide = a.type().size() > b.type().size() ? a.type() : b.type();
    boolean same = a.type().size() == b.type().size();
    boolean signed =
        wide.size() < 4 || (same ? isSigned(a) && isSigned(b) : isSigned(a.type() == wide ? a : b));
    if (wide.size() > 4) {
      return signed ? Type.LONG_LONG : Type.UNSIGNED_LONG_LONG;
    }
    return signed ? Type.INT : Type.UNSIGNED_INT;
  }

  private static boolean isSigned(Value v) {
    return v.type().isSigned() || v.type().size() < 4;
  }

  private Value calculate(String operator, Value a, Value b) {
    boolean shifts = operator.equals("<<") || operator.equals(">>");
    if (operator.equals("+") && isPointer(b) && !isPointer(a)) {
      return moved(b, a.number());
    }
    if ((operator.equals("+") || operator.equals("-")) && isPointer(a)) {
      if (!isPointer(b)) {
        return moved(a, operator.equals("+") ? b.number() : -b.number());
      }
      if (operator.equals("-")) {
        int size = Math.max(1, a.type().plain().target().size());
        return Value.of(Type.INT, (int) (a.number() - b.number()) / size);
      }
    }
    Type type = common(a, shifts ? a : b);
    long x = Value.of(type, a.number()).number();
    long y = shifts ? b.number() : Value.of(type, b.number()).number();
    boolean unsigned = !type.isSigned();
    int order = unsigned ? Long.compareUnsigned(x, y) : Long.compare(x, y);
    return switch (operator) {
      case "==" -> truth(x == y);
      case "!=" -> truth(x != y);
      case "<" -> truth(order < 0);
      case ">" -> truth(order > 0);
      case "<=" -> truth(order <= 0);
      case ">=" -> truth(order >= 0);
      case "|" -> Value.of(type, x | y);
      case "^" -> Value.of(type, x ^ y);
      case "&" -> Value.of(type, x & y);
      case "<<" -> Value.of(type, x << (y & 8 * type.size() - 1));
      case ">>" -> Value.of(type, x >> (y & 8 * type.size() - 1));
      case "+" -> Value.of(type, x + y);
      case "-" -> Value.of(type, x - y);
      case "*" -> Value.of(type, x * y);
      default -> Value.of(type, divide(operator, x, y, unsigned));
    };
  }

  /** A pointer some elements on. */
  private static Value moved(Value pointer, long elements) {
    int size = Math.max(1, pointer.type().plain().target().size());
    return Value.of(pointer.type(), pointer.number() + elements * size);
  }

  private long divide(String operator, long x, long y, boolean unsigned) {
    if (y == 0) {
      throw new LabException(text + ": division by zero");
    }
    if (operator.equals("/")) {
      return unsigned ? Long.divideUnsigned(x, y) : x / y;
    }
    return unsigned ? Long.remainderUnsigned(x, y) : x % y;
  }

  private Term unary() {
    if (token == null) {
      throw new LabException(text + ": something is missing at the end");
    }
    switch (token) {
      case "-" -> {
        next();
        Term a = unary();
        return c -> calculate("-", Value.of(Type.INT, 0), scalar(a.value(c)));
      }
      case "+" -> {
        next();
        return unary();
      }
      case "!" -> {
        next();
        Term a = unary();
        return c -> truth(!isTrue(a.value(c)));
      }
      case "~" -> {
        next();
        Term a = unary();
        return c -> calculate("^", scalar(a.value(c)), Value.of(Type.INT, -1));
      }
      case "*" -> {
        next();
        Term a = unary();
        constant = false;
        return c -> pointed(c, scalar(a.value(c)));
      }
      case "&" -> {
        next();
        Term a = unary();
        return c -> addressOf(a.value(c));
      }
      case "(" -> {
        int before = start;
        next();
        TypeName cast = castType();
        if (cast != null) {
          Term a = unary();
          return c -> cast(c, cast.type(variables, c.frame().pc()), a.value(c));
        }
        back(before);
        return postfix(primary());
      }
      default -> {
        return postfix(primary());
      }
    }
  }

  /** What a pointer points to; a plain number is the address of a word. */
  private Value pointed(Context c, Value pointer) {
    boolean typed =
        isPointer(pointer) && pointer.type().plain().target().plain().kind() != Kind.VOID;
    Type type = typed ? pointer.type().plain().target() : Type.INT;
    return inMemory(c, type, (int) pointer.number());
  }

  private Value inMemory(Context c, Type type, int address) {
    Value v = Value.at(type, address, c.frame());
    if (!v.isKnown() && type.isScalar()) {
      throw new LabException("%s: there is no memory at %08x".formatted(this, address));
    }
    return v;
  }

  private Value addressOf(Value v) {
    if (v.address() == null) {
      String why =
          v.register() != null
              ? "it is in the register " + registerName(v.register())
              : v.isUnknown() ? "it is optimised out here" : "it has no address";
      throw new LabException(this + ": " + why);
    }
    return Value.of(Type.pointerTo(v.type()), v.address());
  }

  private Value cast(Context c, Type type, Value v) {
    Kind kind = type.plain().kind();
    if (kind == Kind.STRUCT || kind == Kind.ARRAY) {
      if (v.address() == null) {
        throw new LabException(this + ": only what is in memory can be seen as " + type.name());
      }
      return inMemory(c, type, v.address());
    }
    long number = scalar(v).number();
    return Value.of(type, kind == Kind.BOOL ? (number != 0 ? 1 : 0) : number);
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

  /** A type as it is written: words, and stars behind them. */
  private record TypeName(List<String> words, int stars) {
    /** Returns what it means for the code at an address; null if there is no such type. */
    Type type(Variables variables, int pc) {
      Type type = typeNamed(words, variables, pc);
      for (int i = 0; i < stars && type != null; i++) {
        type = Type.pointerTo(type);
      }
      return type;
    }
  }

  /** Returns the type that words mean, or null. */
  private static Type typeNamed(List<String> words, Variables variables, int pc) {
    List<String> names = words.stream().filter(w -> !DECORATION.contains(w)).toList();
    if (variables != null) {
      Type known = variables.type(String.join(" ", names), pc);
      if (known != null) {
        return known;
      }
    }
    if (names.isEmpty() || !TYPE_WORDS.containsAll(names)) {
      return null;
    }
    boolean unsigned = names.contains("unsigned");
    if (names.contains("void")) {
      return Type.VOID;
    }
    if (names.contains("char")) {
      return unsigned ? Type.UNSIGNED_CHAR : Type.SIGNED_CHAR;
    }
    if (names.contains("short")) {
      return unsigned ? Type.UNSIGNED_SHORT : Type.SHORT;
    }
    if (names.stream().filter("long"::equals).count() == 2) {
      return unsigned ? Type.UNSIGNED_LONG_LONG : Type.LONG_LONG;
    }
    return unsigned ? Type.UNSIGNED_INT : Type.INT;
  }

  /**
   * Returns the type that a text names, such as {@code State *}.
   *
   * @param pc of several, the one of the file is meant that the code at this address is from
   * @return null if there is none
   */
  public static Type type(String text, Variables variables, int pc) {
    String name = text.strip();
    int stars = 0;
    while (name.endsWith("*")) {
      name = name.substring(0, name.length() - 1).strip();
      stars++;
    }
    if (name.isEmpty() || !name.matches("[\\w: ]+")) {
      return null;
    }
    return new TypeName(List.of(name.split(" +")), stars).type(variables, pc);
  }

  private void expect(String wanted) {
    if (!wanted.equals(token)) {
      throw new LabException(text + ": " + wanted + " is missing");
    }
    next();
  }

  // ---- parts

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
                return referred(c, member(isPointer(v) ? pointed(c, v) : v, name)); // as gdb does
              };
        }
        case "->" -> {
          next();
          String name = memberName();
          constant = false;
          t = c -> referred(c, member(pointed(c, scalar(inner.value(c))), name));
        }
        case "[" -> {
          next();
          Term index = binary(0);
          expect("]");
          constant = false;
          t = c -> element(c, inner.value(c), scalar(index.value(c)).number());
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

  /** Reads a name up to its first dot, behind which the name of a member stands. */
  private String beforeDot() {
    int dot = token.indexOf('.');
    String name = dot < 0 ? token : token.substring(0, dot);
    back(start + name.length());
    return name;
  }

  /** What a reference stands for. */
  private Value referred(Context c, Value v) {
    Type plain = v.type().plain();
    return plain.kind() == Kind.REFERENCE && v.isKnown()
        ? inMemory(c, plain.target(), (int) v.number())
        : v;
  }

  private Value member(Value v, String name) {
    if (v.type().plain().kind() != Kind.STRUCT) {
      throw new LabException(
          "%s: .%s: a value of type %s has no members".formatted(this, name, v.type().name()));
    }
    Type.Member m = v.type().member(name);
    if (m == null) {
      List<String> names =
          v.type().members().stream().map(Type.Member::name).filter(n -> n != null).toList();
      throw new LabException(
          "%s: %s has no member %s%s"
              .formatted(this, v.type().name(), name, Nearest.hint(name, names)));
    }
    return v.member(m);
  }

  private Value element(Context c, Value v, long index) {
    Type plain = v.type().plain();
    boolean within = plain.kind() == Kind.ARRAY && index >= 0 && index < plain.count();
    if (within && v.address() == null) {
      return v.element((int) index);
    }
    return pointed(c, calculate("+", scalar(v), Value.of(Type.INT, index)));
  }

  private Term memory(Term address, Type type) {
    constant = false;
    return c -> inMemory(c, type, (int) scalar(address.value(c)).number());
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
      int number = registerNumber(name.substring(1));
      return c -> Value.of(Type.INT, c.register(number));
    }
    if (name.startsWith("'")) {
      next();
      int value = name.charAt(name.length() - 2);
      return c -> Value.of(Type.INT, value);
    }
    if (Character.isDigit(name.charAt(0))) {
      next();
      int value = number(name);
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
      return referred(c, Value.at(v.type(), v.locate(frame), frame));
    }
    if (symbol != null) {
      return known(symbol).value(c);
    }
    throw new LabException(
        "%s: there is no variable of this name at %08x; info locals lists them"
            .formatted(name, frame.pc()));
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

  /** Returns a register as one writes it in an expression. */
  public static String registerName(int number) {
    return "$" + (number == 13 ? "sp" : number == 14 ? "lr" : number == 15 ? "pc" : "r" + number);
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
