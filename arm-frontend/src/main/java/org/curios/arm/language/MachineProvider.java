package org.curios.arm.language;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Makes a machine of an image: the board is the business of the module above, found as a service.
 */
public interface MachineProvider {
  /**
   * How a machine is made.
   *
   * @param language the language of the entered context, for compiled code
   * @param ramSize bytes of RAM
   * @param sd image of the SD card, or null
   * @param out where UART0 and semihosting write to
   * @param in where UART0 reads from besides what is typed, or null
   * @param instrumented whether the guest is run in the form that tools see into
   */
  record Settings(
      ArmLanguage language,
      int ramSize,
      Path sd,
      OutputStream out,
      InputStream in,
      boolean instrumented) {}

  /** An image that can be made a machine of. */
  interface Loadable {
    /**
     * Makes a machine with the image loaded.
     *
     * @throws IllegalArgumentException when that cannot be; the message says why, and what to do
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
