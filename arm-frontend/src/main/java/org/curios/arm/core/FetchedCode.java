package org.curios.arm.core;

/**
 * A virtual address whose right to execute a {@link TranslationTable} has checked. The subclass has
 * the translation of the code there.
 */
public abstract class FetchedCode {
  final int pc;
  final long generation;

  /**
   * Creates it for an address that was just fetched from.
   *
   * @param pc the address with the T bit
   * @param table the table that checked it
   */
  protected FetchedCode(int pc, TranslationTable table) {
    this.pc = pc;
    this.generation = table.generation();
  }
}
