package org.curios.lab.inspect;

import java.util.List;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.inspect.Term.Context;
import org.curios.lab.program.Value;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Type.Kind;

/**
 * C's operators on values.
 *
 * @param text the expression, for complaints
 */
record Operators(String text) {
  static Value truth(boolean yes) {
    return Value.of(Type.INT, yes ? 1 : 0);
  }

  boolean isTrue(Value v) {
    return scalar(v).number() != 0;
  }

  /** A value as an operand of C's operators: arrays and functions are their addresses. */
  Value scalar(Value v) {
    Type plain = v.type().plain();
    switch (plain.kind()) {
      case ARRAY, FUNCTION, STRUCT -> {
        if (v.address() == null) {
          throw new LabException(
              text + ": " + (v.isUnknown() ? v.whyUnknown() : "it has no address"));
        }
        Type of = plain.kind() == Kind.ARRAY ? plain.target() : v.type();
        return Value.of(Type.pointerTo(of), v.address());
      }
      case FLOAT, VOID ->
          throw new LabException(text + ": a value of type " + v.type().name() + " is no integer");
      default -> {
        if (!v.isKnown()) {
          throw new LabException(text + ": " + v.whyUnknown());
        }
        return v;
      }
    }
  }

  static boolean isPointer(Value v) {
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

  Value calculate(String operator, Value a, Value b) {
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

  /** A pointer advanced by some elements. */
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

  /** What a pointer points to; a plain number is the address of a word. */
  Value pointed(Context c, Value pointer) {
    boolean typed =
        isPointer(pointer) && pointer.type().plain().target().plain().kind() != Kind.VOID;
    Type type = typed ? pointer.type().plain().target() : Type.INT;
    return inMemory(c, type, (int) pointer.number());
  }

  Value inMemory(Context c, Type type, int address) {
    Value v = Value.at(type, address, c.frame());
    if (!v.isKnown() && type.isScalar()) {
      throw new LabException("%s: there is no memory at %08x".formatted(text, address));
    }
    return v;
  }

  Value addressOf(Value v) {
    if (v.address() == null) {
      String why =
          v.register() != null
              ? "it is in the register " + RegisterNames.name(v.register())
              : v.isUnknown() ? "it is optimised out here" : "it has no address";
      throw new LabException(text + ": " + why);
    }
    return Value.of(Type.pointerTo(v.type()), v.address());
  }

  Value cast(Context c, Type type, Value v) {
    Kind kind = type.plain().kind();
    if (kind == Kind.STRUCT || kind == Kind.ARRAY) {
      if (v.address() == null) {
        throw new LabException(text + ": only a value in memory can be cast to " + type.name());
      }
      return inMemory(c, type, v.address());
    }
    long number = scalar(v).number();
    return Value.of(type, kind == Kind.BOOL ? (number != 0 ? 1 : 0) : number);
  }

  /** What a reference represents. */
  Value referred(Context c, Value v) {
    Type plain = v.type().plain();
    return plain.kind() == Kind.REFERENCE && v.isKnown()
        ? inMemory(c, plain.target(), (int) v.number())
        : v;
  }

  Value member(Value v, String name) {
    if (v.type().plain().kind() != Kind.STRUCT) {
      throw new LabException(
          "%s: .%s: a value of type %s has no members".formatted(text, name, v.type().name()));
    }
    Type.Member m = v.type().member(name);
    if (m == null) {
      List<String> names =
          v.type().members().stream().map(Type.Member::name).filter(n -> n != null).toList();
      throw new LabException(
          "%s: %s has no member %s%s"
              .formatted(text, v.type().name(), name, Nearest.hint(name, names)));
    }
    return v.member(m);
  }

  Value element(Context c, Value v, long index) {
    Type plain = v.type().plain();
    boolean within = plain.kind() == Kind.ARRAY && index >= 0 && index < plain.count();
    if (within && v.address() == null) {
      return v.element((int) index);
    }
    return pointed(c, calculate("+", scalar(v), Value.of(Type.INT, index)));
  }
}
