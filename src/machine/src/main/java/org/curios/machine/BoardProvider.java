package org.curios.machine;

import java.io.IOException;
import java.io.PrintStream;
import org.curios.arm.language.MachineProvider;
import org.curios.machine.card.CardSource;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageCode;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.SourceLookup;

/** Makes a VersatilePB for the language, which finds this class as a service. */
public final class BoardProvider implements MachineProvider {
  @Override
  public Loadable read(byte[] bytes, String name) {
    Image image;
    try {
      image = Image.parse(name, bytes);
    } catch (ImageException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return settings -> load(image, settings);
  }

  private static EmbeddedMachine load(Image image, Settings settings) {
    EmbeddedConsole console = new EmbeddedConsole(settings.out());
    try {
      Machine machine =
          new MachineBuilder()
              .ram(settings.ramSize())
              .card(settings.sd() == null ? null : CardSource.open(settings.sd().toString()).disk())
              .console(new PrintStream(console, true))
              .input(settings.in())
              .within(settings.language())
              .instrumented(settings.instrumented())
              .build();
      try {
        machine.load(image);
      } catch (ImageException e) {
        machine.close();
        throw e;
      }
      return new EmbeddedMachine(machine, new ImageCode(image, SourceLookup.NONE), console);
    } catch (ImageException | IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
