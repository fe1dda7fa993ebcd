package org.curios.machine;

import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.LinuxBoot;

/**
 * Loads images and the files that belong to them into RAM, and sets the processor to their start:
 * as {@code qemu-system-arm -M versatilepb -kernel} does.
 */
final class ImageLoader {
  private final Cpu cpu;
  private final Bus bus;
  private final List<String> arguments;

  /**
   * Makes a loader.
   *
   * @param arguments of the run; a kernel gets them as its command line
   */
  ImageLoader(Cpu cpu, List<String> arguments) {
    this.cpu = cpu;
    this.bus = cpu.bus;
    this.arguments = arguments;
  }

  /** Loads an image as {@link Machine#load(Image, BootFiles)} says. */
  void load(Image image, BootFiles files) throws ImageException {
    for (Image.Segment segment : image.segments()) {
      write(image.name(), segment.address(), segment.bytes(), segment.size());
    }
    cpu.reset();
    if (image.raw()) {
      LinuxBoot boot = new LinuxBoot(image, withArguments(files), bus.ramSize());
      for (Image.Segment segment : boot.segments()) {
        write(image.name(), segment.address(), segment.bytes(), segment.size());
      }
      cpu.r1 = VersatilePb.MACHINE_NUMBER;
      cpu.r2 = boot.argument();
    } else {
      loadBeside(image, files);
    }
    cpu.pc = image.entry();
  }

  /** Arguments of a run are the command line of a kernel. */
  private BootFiles withArguments(BootFiles files) throws ImageException {
    if (arguments.isEmpty()) {
      return files;
    }
    if (!files.append().isEmpty()) {
      throw new ImageException("the command line is given twice, by --append and after --");
    }
    return new BootFiles(String.join(" ", arguments), files.initrd(), files.deviceTree());
  }

  private void loadBeside(Image image, BootFiles files) throws ImageException {
    if (files.initrd() != null || !files.append().isEmpty()) {
      throw new ImageException(
          "%s: an ELF executable starts without boot tags, so that %s has no effect; give a zImage, uImage or raw image"
              .formatted(image.name(), files.initrd() != null ? "--initrd" : "--append"));
    }
    if (files.deviceTree() != null) {
      Image.Segment tree = LinuxBoot.treeBelow(image, files, bus.ramSize());
      write(files.deviceTree().name(), tree.address(), tree.bytes(), tree.size());
    }
  }

  /** Writes bytes to a physical address, and zeros up to a size. */
  void write(String name, int address, byte[] bytes, int size) throws ImageException {
    long end = Integer.toUnsignedLong(address) + Integer.toUnsignedLong(size);
    if (end > Integer.toUnsignedLong(bus.ramSize())) {
      throw new ImageException(
          "%s: %08x to %08x does not fit into RAM of %d MiB; give more with --ram or link it lower"
              .formatted(name, address, end, bus.ramSize() >> 20));
    }
    for (int i = 0; i < size; i++) {
      bus.write(address + i, i < bytes.length ? bytes[i] : 0, 1);
    }
  }
}
