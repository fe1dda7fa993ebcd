package org.curios.lab.trial;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The target of a random fault. */
public enum FaultClass {
  /** A bit of a register while a service's code runs. */
  REGISTER,
  /** A bit of a service's code. */
  CODE,
  /** A bit of a service's private data, heap or stack. */
  PRIVATE,
  /** A bit of a server state region while no request uses it. */
  SSR,
  /** One of the built-in crashes, at any instruction of a method. */
  CRASH,
  /** A bit of a register while the kernel runs. */
  KERNEL_REGISTER,
  /** A bit of the kernel's memory. */
  KERNEL_MEMORY,
  /** An external abort of the instruction that a service is about to execute. */
  ABORT,
  /** An instruction of a service is replaced by another one, like a programmer's mistake. */
  MUTATION,
  /** A bit of a page table. */
  PAGE_TABLE,
  /** A bit of a field of one of the kernel's structures, by its name. */
  FIELD,
  /** A bit of a global variable of a service, by its name. */
  VARIABLE,
  /** A lost interrupt, or a spurious one. */
  INTERRUPT,
  /** A bit of a register of a device. */
  DEVICE,
  /** A bit of a block of the card. */
  CARD_BLOCK,
  /** The next transfer of a block from or to the card fails. */
  CARD_ERROR,
  /** The next frame to or from the network is lost, doubled, late, or damaged. */
  PACKET,
  /** A bit of a banked register, whichever mode is current. */
  MODE_REGISTER,
  /** A bit of memory that a client has granted to the current request. */
  BUFFER,
  /** A bit of kept memory: caches of blocks, packets that wait in sockets. */
  KEPT,
  /** A bit of RAM that an image other than CuriOS uses, by its physical address. */
  MEMORY;

  private static final List<FaultClass> BASIC =
      List.of(REGISTER, CODE, PRIVATE, SSR, CRASH, KERNEL_REGISTER, KERNEL_MEMORY);

  /** Returns the classes that {@code curios evaluate recovery} uses by default. */
  public static List<FaultClass> basic() {
    return BASIC;
  }

  private static final List<FaultClass> FOREIGN =
      List.of(REGISTER, CODE, MEMORY, MUTATION, ABORT, MODE_REGISTER, INTERRUPT, DEVICE);

  /** Returns the classes that suit images other than CuriOS. */
  public static List<FaultClass> foreign() {
    return FOREIGN;
  }

  /** Returns the classes that suit CuriOS. */
  public static List<FaultClass> ofCurios() {
    return Arrays.stream(values()).filter(c -> c != MEMORY).toList();
  }

  /** Returns the word for it in identifiers and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words of the classes that suit CuriOS. */
  public static List<String> words() {
    return words(ofCurios());
  }

  /** Returns the words of classes. */
  public static List<String> words(List<FaultClass> classes) {
    return classes.stream().map(FaultClass::word).toList();
  }

  /** Returns the class with a word, or null. */
  public static FaultClass of(String word) {
    for (FaultClass c : values()) {
      if (c.word().equals(word)) {
        return c;
      }
    }
    return null;
  }

  /** Returns the target if it is not a service: the kernel or the board; null for services. */
  public String object() {
    return switch (this) {
      case KERNEL_REGISTER, MODE_REGISTER, KERNEL_MEMORY, PAGE_TABLE, INTERRUPT -> Fault.KERNEL;
      case DEVICE, CARD_BLOCK, CARD_ERROR, PACKET -> Fault.BOARD;
      default -> null;
    };
  }

  /** Returns whether its faults can change the kernel's own structures. */
  boolean isOfKernel() {
    return this == FIELD || Fault.KERNEL.equals(object());
  }

  /** Returns whether its faults strike at any time, whoever runs. */
  public boolean isAnytime() {
    return switch (this) {
      case REGISTER, CODE, PRIVATE, BUFFER, CRASH, ABORT, KERNEL_REGISTER -> false;
      default -> true;
    };
  }

  /** Returns whether its faults strike while a method of the service runs. */
  public boolean isInMethod() {
    return switch (this) {
      case CRASH, ABORT, BUFFER -> true;
      default -> false;
    };
  }

  /** Returns whether its faults affect bits, at some places at least. */
  public boolean hasBits() {
    return switch (this) {
      case CRASH, ABORT, MUTATION, INTERRUPT, CARD_ERROR -> false;
      default -> true;
    };
  }

  /** Returns whether a fault at a place affects bits, which its text then names. */
  public boolean hasBits(String place) {
    return this == PACKET ? PacketPlaces.hasBits(place) : hasBits();
  }

  /** Returns whether bits can be stuck: not in a frame, which passes once. */
  public boolean canBeStuck() {
    return hasBits() && this != PACKET;
  }
}
