package org.curios.arm.language.instrument;

import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.RootNode;
import com.oracle.truffle.api.source.SourceSection;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.GuestCode.Function;

/** A guest function as a call target; its argument is its {@link Activation}. */
final class FunctionRoot extends RootNode {
  final Function function;
  final FunctionBody code;
  @Child private GuestNode body;
  private final SourceSection section;

  FunctionRoot(ArmLanguage language, GuestRunner runner, Function function, SourceSection section) {
    super(language);
    this.function = function;
    this.section = section;
    this.code = new FunctionBody(runner, function, section);
    this.body = code;
  }

  @Override
  public Object execute(VirtualFrame frame) {
    return body.execute(frame);
  }

  @Override
  public SourceSection getSourceSection() {
    return section;
  }

  @Override
  public String getName() {
    return function.name();
  }

  @Override
  public String toString() {
    return function.name();
  }
}
