package org.curios.arm.language.instrument;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage.InlineParsingRequest;
import com.oracle.truffle.api.frame.MaterializedFrame;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.interop.InteropException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.NodeLibrary;
import com.oracle.truffle.api.nodes.ExecutableNode;
import com.oracle.truffle.api.nodes.Node;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.interop.ExpressionError;

/**
 * What can be evaluated while the guest is stopped: a register, a number, {@code register = value},
 * or the comparison of two of them as unsigned words, which conditions of breakpoints want.
 */
public final class RegisterExpression extends ExecutableNode {
  private static final Pattern TWO =
      Pattern.compile("([^=!<>]+)(==|!=|<=|>=|<|>|=)([^=!<>]+)", Pattern.DOTALL);

  /** Chrome appends a comment to the condition of a breakpoint. */
  private static final Pattern COMMENT = Pattern.compile("//.*");

  private static final long WORD = 0xffffffffL;

  private final Node location;
  private final String left;

  /** What is done with both sides; null if there is but one. */
  private final String operator;

  private final String right;

  private RegisterExpression(
      ArmLanguage language, Node location, String left, String operator, String right) {
    super(language);
    this.location = location;
    this.left = left;
    this.operator = operator;
    this.right = right;
  }

  /** Parses an expression. */
  public static ExecutableNode parse(ArmLanguage language, InlineParsingRequest request) {
    String text = request.getSource().getCharacters().toString();
    text = COMMENT.matcher(text).replaceAll("").strip();
    Matcher two = TWO.matcher(text);
    return two.matches()
        ? new RegisterExpression(
            language,
            request.getLocation(),
            two.group(1).strip(),
            two.group(2),
            two.group(3).strip())
        : new RegisterExpression(language, request.getLocation(), text, null, null);
  }

  @Override
  public Object execute(VirtualFrame frame) {
    return evaluate(frame.materialize());
  }

  @TruffleBoundary
  private Object evaluate(MaterializedFrame frame) {
    InteropLibrary values = InteropLibrary.getUncached();
    try {
      Object scope = NodeLibrary.getUncached().getScope(place(frame), frame, true);
      if (operator == null) {
        return read(values, scope, left);
      }
      Object value = read(values, scope, right);
      if (operator.equals("=")) {
        write(values, scope, value);
        return read(values, scope, left);
      }
      return compare(values, read(values, scope, left), value);
    } catch (InteropException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The location of an activation that waits is the call within the node that has the scope. */
  private Node place(MaterializedFrame frame) {
    Node place = location;
    while (!NodeLibrary.getUncached().hasScope(place, frame)) {
      place = place.getParent();
    }
    return place;
  }

  private Object read(InteropLibrary values, Object scope, String text) throws InteropException {
    if (values.isMemberReadable(scope, name(text))) {
      return values.readMember(scope, name(text));
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw error(
          text + ": neither a register nor a number; try r0, sp, 0x10000, r0 = 1 or r0 == 1");
    }
  }

  private void write(InteropLibrary values, Object scope, Object value) {
    if (!values.isMemberReadable(scope, name(left))) {
      throw error(left + ": no register; give one of r0 to r12, sp, lr, pc, cpsr or a flag");
    }
    if (!values.isMemberModifiable(scope, name(left))) {
      throw error(left + ": cannot be written here; registers of the innermost function can");
    }
    try {
      values.writeMember(scope, name(left), value);
    } catch (InteropException e) {
      throw error(left + ": takes no such value; " + e.getMessage());
    }
  }

  private Object compare(InteropLibrary values, Object a, Object b) throws InteropException {
    if (values.fitsInLong(a) && values.fitsInLong(b)) {
      long x = values.asLong(a) & WORD;
      long y = values.asLong(b) & WORD;
      return switch (operator) {
        case "==" -> x == y;
        case "!=" -> x != y;
        case "<" -> x < y;
        case "<=" -> x <= y;
        case ">" -> x > y;
        default -> x >= y;
      };
    }
    if (values.isBoolean(a) && values.isBoolean(b)) {
      boolean same = values.asBoolean(a) == values.asBoolean(b);
      switch (operator) {
        case "==":
          return same;
        case "!=":
          return !same;
        default:
      }
    }
    throw error(
        left + " " + operator + " " + right + ": compare two numbers, or a flag with == true");
  }

  private ExpressionError error(String message) {
    return new ExpressionError(message, location);
  }

  /** Debuggers of other kinds write {@code $r0}. */
  private static String name(String text) {
    return text.startsWith("$") ? text.substring(1) : text;
  }
}
