package org.curios.campaign.plan;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignImage;
import org.curios.lab.foreign.MemoryRange;
import org.curios.lab.trial.FaultClass;

/** Reads what plans say about an image other than CuriOS, and checks that the rest suits it. */
final class ForeignReader {
  static final String IMAGE = "image";
  static final String TICKS = "ticks";
  static final String PATIENCE = "patience";
  static final String MEMORY = "memory";

  private static final int USUAL_PATIENCE = 3;
  private static final int MOST_PATIENCE = 100;
  private static final long MOST_TICKS = 1_000_000_000_000L;

  private ForeignReader() {}

  /**
   * Reads it.
   *
   * @param all the values of the plan
   * @param images resolves the name of an image
   * @return null if the plan runs CuriOS
   */
  static Foreign read(Map<String, YamlValue> all, ImageFiles images) {
    if (!all.containsKey(IMAGE)) {
      for (String key : List.of(TICKS, PATIENCE, MEMORY)) {
        if (all.containsKey(key)) {
          throw all.get(key).wrong("it belongs to a plan with image: FILE");
        }
      }
      return null;
    }
    YamlValue image = all.get(IMAGE);
    for (String key : List.of("clients", "peer")) {
      if (all.containsKey(key)) {
        throw all.get(key).wrong("clients run on CuriOS; leave it out with image");
      }
    }
    if (all.containsKey("policies")) {
      for (YamlValue policy : all.get("policies").list()) {
        if (!policy.text().equals(Foreign.POLICY)) {
          throw policy.wrong(
              policy.text() + ": policies are those of CuriOS; leave them out with image");
        }
      }
    }
    String name = image.text();
    Path file;
    List<String> memory = new ArrayList<>();
    try {
      file = images.file(name);
    } catch (InvalidPathException e) {
      throw image.wrong(name + ": not the name of a file");
    } catch (LabException e) {
      throw image.wrong(e.getMessage());
    }
    ForeignImage read = images.areRead() ? read(image, file) : null;
    if (all.containsKey(MEMORY)) {
      all.get(MEMORY).list().forEach(v -> memory.add(range(v, read)));
    }
    return new Foreign(
        file,
        all.containsKey(TICKS) ? all.get(TICKS).whole(1, MOST_TICKS) : 0,
        all.containsKey(PATIENCE)
            ? (int) all.get(PATIENCE).whole(2, MOST_PATIENCE)
            : USUAL_PATIENCE,
        memory,
        null);
  }

  private static ForeignImage read(YamlValue value, Path file) {
    try {
      return ForeignImage.read(file);
    } catch (LabException e) {
      throw value.wrong(e.getMessage());
    }
  }

  private static String range(YamlValue value, ForeignImage image) {
    if (image != null) {
      try {
        MemoryRange.of(value.text(), image.image());
      } catch (LabException e) {
        throw value.wrong(e.getMessage());
      }
    }
    return value.text();
  }

  /** Returns the kind of faults that a value names, which must suit the image of the plan. */
  static FaultClass kind(YamlValue value, boolean isForeign) {
    List<FaultClass> suits = isForeign ? FaultClass.foreign() : FaultClass.ofCurios();
    FaultClass kind = FaultClass.of(value.text());
    if (kind != null && !suits.contains(kind)) {
      throw value.wrong(
          isForeign
              ? kind.word()
                  + ": it needs CuriOS; for other images there are "
                  + String.join(", ", FaultClass.words(suits))
              : kind.word() + ": it strikes other images than CuriOS; name one by image: FILE");
    }
    return FaultClass.of(value.word(FaultClass.words(suits)));
  }

  /** Checks the keys of a fault. */
  static void check(Map<String, YamlValue> fault) {
    if (fault.containsKey("services")) {
      throw fault.get("services").wrong("services are those of CuriOS; the image is one program");
    }
    if (fault.containsKey("during")) {
      throw fault.get("during").wrong("the kernel of CuriOS recovers; an image does not say when");
    }
  }

  /** Checks when a fault happens. */
  static void check(YamlValue at, When when) {
    if (!(when instanceof When.Function || when instanceof When.Line)) {
      throw at.wrong("calls, clients and services are those of CuriOS; give function or line");
    }
  }

  /** Checks the places of a fault, which are parts of the image's memory. */
  static void checkMemory(YamlValue places, Foreign foreign, ImageFiles images) {
    if (images.areRead()) {
      ForeignImage image = ForeignImage.read(foreign.image());
      places.list().forEach(v -> range(v, image));
    }
  }
}
