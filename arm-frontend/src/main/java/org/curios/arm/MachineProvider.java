package org.curios.arm;

import com.oracle.truffle.api.source.Source;
import java.util.ServiceLoader;

/**
 * Makes a machine of an image: the board is the business of the module above, found as a service.
 */
public interface MachineProvider {
  /**
   * Makes a machine with an image loaded.
   *
   * @param image bytes of an ELF image
   * @param name name of the image for messages
   * @return the machine as an interop object
   */
  Object create(byte[] image, String name);

  /** Loads a source into a machine of the first provider. */
  static Object load(Source source) {
    MachineProvider provider =
        ServiceLoader.load(MachineProvider.class)
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "no board for the arm language: add curios-machine to the class path"));
    return provider.create(source.getBytes().toByteArray(), source.getName());
  }
}
