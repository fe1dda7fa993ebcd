package org.curios.arm.language.instrument;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.StandardTags.CallTag;
import com.oracle.truffle.api.nodes.DirectCallNode;
import com.oracle.truffle.api.nodes.IndirectCallNode;
import com.oracle.truffle.api.source.SourceSection;

/** A call of the function at the PC, until it returns; a tail call is another call. */
final class CallNode extends GuestNode {
  private final GuestRunner runner;
  @CompilationFinal private FunctionRoot known;
  @Child private DirectCallNode direct;
  @Child private IndirectCallNode indirect;

  CallNode(GuestRunner runner, SourceSection section) {
    super(runner, section, CallTag.class);
    this.runner = runner;
  }

  @Override
  Object execute(VirtualFrame frame) {
    Activation caller = GuestRunner.activation(frame.getArguments());
    Activation callee = runner.current;
    try {
      do {
        runner.tail = false;
        call(callee);
      } while (runner.tail);
      runner.partial = false;
    } catch (Unwind unwind) {
      if (!runner.arrives(caller)) {
        throw unwind;
      }
    }
    runner.current = caller;
    return Integer.toUnsignedLong(runner.cpu.r0);
  }

  private void call(Activation callee) {
    if (known == null) {
      CompilerDirectives.transferToInterpreterAndInvalidate();
      known = runner.rootAtPc();
      direct = insert(DirectCallNode.create(known.getCallTarget()));
    }
    if (known.function.contains(runner.cpu.pc)) {
      direct.call(callee);
      return;
    }
    if (indirect == null) {
      CompilerDirectives.transferToInterpreterAndInvalidate();
      indirect = insert(IndirectCallNode.create());
    }
    indirect.call(runner.rootAtPc().getCallTarget(), callee);
  }
}
