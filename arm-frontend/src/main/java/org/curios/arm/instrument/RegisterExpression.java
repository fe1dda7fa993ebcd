package org.curios.arm.instrument;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage.InlineParsingRequest;
import com.oracle.truffle.api.frame.MaterializedFrame;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.interop.InteropException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.NodeLibrary;
import com.oracle.truffle.api.nodes.ExecutableNode;
import com.oracle.truffle.api.nodes.Node;
import org.curios.arm.ArmLanguage;
import org.curios.arm.interop.ImageError;

/**
 * What can be evaluated where the guest stands: a register, a number, or {@code register = value}.
 */
public final class RegisterExpression extends ExecutableNode {
  private final Node location;
  private final String register;
  private final String value;

  private RegisterExpression(ArmLanguage language, Node location, String register, String value) {
    super(language);
    this.location = location;
    this.register = register;
    this.value = value;
  }

  /** Takes an expression apart. */
  public static ExecutableNode parse(ArmLanguage language, InlineParsingRequest request) {
    String text = request.getSource().getCharacters().toString().strip();
    int equals = text.indexOf('=');
    return equals < 0
        ? new RegisterExpression(language, request.getLocation(), null, text)
        : new RegisterExpression(
            language,
            request.getLocation(),
            text.substring(0, equals).strip(),
            text.substring(equals + 1).strip());
  }

  @Override
  public Object execute(VirtualFrame frame) {
    return evaluate(frame.materialize());
  }

  @TruffleBoundary
  private Object evaluate(MaterializedFrame frame) {
    InteropLibrary values = InteropLibrary.getUncached();
    try {
      Object scope = NodeLibrary.getUncached().getScope(location, frame, true);
      Object result = read(values, scope, value);
      if (register != null) {
        values.writeMember(scope, name(register), result);
      }
      return result;
    } catch (InteropException e) {
      throw new ImageError(
          (register == null ? value : register)
              + ": no such register here, or not to be written; give r0 to r12, sp, lr, pc, cpsr, a"
              + " flag, or a number",
          null);
    }
  }

  private static Object read(InteropLibrary values, Object scope, String text)
      throws InteropException {
    if (values.isMemberReadable(scope, name(text))) {
      return values.readMember(scope, name(text));
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new ImageError(
          text + ": neither a register nor a number; try r0, sp, pc or 0x10000", null);
    }
  }

  /** Debuggers of other kinds write {@code $r0}. */
  private static String name(String text) {
    return text.startsWith("$") ? text.substring(1) : text;
  }
}
