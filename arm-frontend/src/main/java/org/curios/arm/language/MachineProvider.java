package org.curios.arm.language;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Creates machines for images. The module above implements it, and is found as a service. */
public interface MachineProvider {
  /**
   * How a machine is made.
   *
   * @param language the language of the entered context, for compiled code
   * @param ramSize bytes of RAM
   * @param sd image of the SD card, or null
   * @param out where UART0 and semihosting write to
   * @param in where UART0 reads from besides what is typed, or null
   * @param instrumented whether the guest runs in the form that tools can instrument
   */
  record Settings(
      ArmLanguage language,
      int ramSize,
      Path sd,
      OutputStream out,
      InputStream in,
      boolean instrumented) {}

  /** An image that can boot. */
  interface Loadable {
    /**
     * Makes a machine with the image loaded.
     *
     * @throws IllegalArgumentException if that fails; the message says why, and what to do
     */
    GuestMachine load(Settings settings);
  }

  /**
   * Reads an image.
   *
   * @param image bytes of the image
   * @param name name of the image for messages
   * @throws IllegalArgumentException when it is not an image; the message says why, and what to do
   */
  Loadable read(byte[] image, String name);

  /**
   * Returns the first provider.
   *
   * @throws IllegalStateException when there is none
   */
  static MachineProvider find() {
    return ServiceLoader.load(MachineProvider.class, MachineProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "no board for the arm language: add curios-machine to the class path"));
  }
}
