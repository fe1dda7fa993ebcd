package org.curios.campaign.plan;

import java.nio.file.Path;
import org.curios.lab.LabException;

/** Where the images are that plans name. */
interface ImageFiles {
  /**
   * Returns the file that a plan names.
   *
   * @throws LabException when this plan cannot name any
   */
  Path file(String name);

  /** Returns whether the file must be there, and what the plan says of it is checked. */
  boolean areRead();

  /** Of a plan that is no file: it has no images. */
  static ImageFiles none() {
    return of(
        name -> {
          throw new LabException("only the file of a plan can name an image");
        },
        false);
  }

  /** Next to the file of a plan. */
  static ImageFiles nextTo(Path plan) {
    return of(name -> plan.toAbsolutePath().resolveSibling(name).normalize(), true);
  }

  /** Of the plan of a campaign that has begun: a file that is known. */
  static ImageFiles known(Path image) {
    return of(name -> image, false);
  }

  private static ImageFiles of(java.util.function.Function<String, Path> files, boolean areRead) {
    return new ImageFiles() {
      @Override
      public Path file(String name) {
        return files.apply(name);
      }

      @Override
      public boolean areRead() {
        return areRead;
      }
    };
  }
}
