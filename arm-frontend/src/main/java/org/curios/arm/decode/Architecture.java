package org.curios.arm.decode;

/**
 * Versions of the ARM architecture up to that of the ARM926EJ-S (ARM DDI 0100, "Architecture
 * versions and variants").
 */
public enum Architecture {
  V1,
  V2,
  V3,
  V4,
  V4T,
  V5T,
  V5TE,
  V5TEJ
}
