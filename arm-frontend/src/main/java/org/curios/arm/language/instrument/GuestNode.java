package org.curios.arm.language.instrument;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.frame.Frame;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.GenerateWrapper;
import com.oracle.truffle.api.instrumentation.InstrumentableNode;
import com.oracle.truffle.api.instrumentation.ProbeNode;
import com.oracle.truffle.api.instrumentation.Tag;
import com.oracle.truffle.api.interop.NodeLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.nodes.Node;
import com.oracle.truffle.api.source.SourceSection;

/** What tools see: a function, a line of it, or a call. Its variables are the registers. */
@GenerateWrapper
@ExportLibrary(NodeLibrary.class)
abstract class GuestNode extends Node implements InstrumentableNode {
  private final GuestRunner runner;
  private final SourceSection section;
  private final Class<? extends Tag> tag;

  /**
   * Makes a node.
   *
   * @param section the source; null if none is known
   * @param tag how tools see it; null if they do not
   */
  GuestNode(GuestRunner runner, SourceSection section, Class<? extends Tag> tag) {
    this.runner = runner;
    this.section = section;
    this.tag = tag;
  }

  GuestNode(GuestNode wrapped) {
    this(wrapped.runner, wrapped.section, wrapped.tag);
  }

  /** Runs; the frame has the activation as its only argument. */
  abstract Object execute(VirtualFrame frame);

  @Override
  public final boolean isInstrumentable() {
    return tag != null && section != null;
  }

  @Override
  public final boolean hasTag(Class<? extends Tag> wanted) {
    return wanted == tag;
  }

  @Override
  public WrapperNode createWrapper(ProbeNode probe) {
    return new GuestNodeWrapper(this, this, probe);
  }

  @Override
  public SourceSection getSourceSection() {
    return section;
  }

  @ExportMessage
  final boolean hasScope(@SuppressWarnings("unused") Frame frame) {
    return true;
  }

  @ExportMessage
  final Object getScope(Frame frame, @SuppressWarnings("unused") boolean nodeEnter) {
    return scope(frame == null ? null : GuestRunner.activation(frame.getArguments()));
  }

  @TruffleBoundary
  private Object scope(Activation a) {
    return runner.scope(a, (FunctionRoot) getRootNode());
  }
}
