package org.curios.arm.code;

/**
 * Where warm code continues in another granule of virtual addresses. It holds where that is mapped
 * to the granule of RAM that the target was made of, whatever the address space. Generated code
 * reads the fields.
 */
public final class WarmLink {
  /**
   * What the entry for loads of the target's granule ({@link org.curios.arm.core.TranslationTable})
   * is there, plus the virtual address of the granule that is left. No valid entry is even.
   */
  public int key;

  /** The code to enter. */
  public WarmCode target = WarmCode.NONE;

  /** Makes a link that leads nowhere. */
  public static WarmLink make() {
    return new WarmLink();
  }
}
