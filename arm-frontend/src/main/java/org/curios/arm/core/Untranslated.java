package org.curios.arm.core;

/** The code of a processor that does not run: nothing is translated. */
final class Untranslated implements TranslatedCode {
  @Override
  public boolean contains(int physical) {
    return false;
  }

  @Override
  public boolean stored(int physical, int bytes) {
    return false;
  }

  @Override
  public void replaced(int granule) {
    // there is no code to drop
  }

  @Override
  public void watched() {
    // there is no code
  }

  @Override
  public boolean hasBreakpoint(int address) {
    return false;
  }

  @Override
  public boolean setBreakpoint(int address, boolean set) {
    throw new IllegalStateException("breakpoints need an executor, which stops at them");
  }
}
