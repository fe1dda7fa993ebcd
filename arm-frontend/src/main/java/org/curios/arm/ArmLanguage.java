package org.curios.arm;

import com.oracle.truffle.api.CallTarget;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.nodes.RootNode;

/** The Truffle language of ARM machine code. */
@TruffleLanguage.Registration(
    id = ArmLanguage.ID,
    name = "ARM",
    version = "ARMv5TE",
    byteMimeTypes = ArmLanguage.MIME_TYPE,
    defaultMimeType = ArmLanguage.MIME_TYPE,
    contextPolicy = TruffleLanguage.ContextPolicy.EXCLUSIVE)
public final class ArmLanguage extends TruffleLanguage<ArmLanguage.ArmContext> {
  /** Language id. */
  public static final String ID = "arm";

  /** MIME type of the sources: executable ELF images. */
  public static final String MIME_TYPE = "application/x-elf";

  private static final LanguageReference<ArmLanguage> REFERENCE =
      LanguageReference.create(ArmLanguage.class);

  /** What belongs to one polyglot context. */
  public record ArmContext(Env env) {}

  @Override
  protected ArmContext createContext(Env env) {
    return new ArmContext(env);
  }

  @Override
  protected CallTarget parse(ParsingRequest request) {
    Object machine = MachineProvider.load(request.getSource());
    return RootNode.createConstantNode(machine).getCallTarget();
  }

  /** Returns the language of the entered context. */
  public static ArmLanguage get() {
    return REFERENCE.get(null);
  }
}
