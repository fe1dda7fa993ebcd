package org.curios.arm.core;

/**
 * A virtual address whose right to execute a {@link TranslationTable} has checked. What the code
 * there was translated to is known to the subclass.
 */
public abstract class FetchedCode {
  final int pc;
  final long generation;

  /**
   * Takes an address that has just been fetched from.
   *
   * @param pc the address with the T bit
   * @param table the table that checked it
   */
  protected FetchedCode(int pc, TranslationTable table) {
    this.pc = pc;
    this.generation = table.generation();
  }
}
