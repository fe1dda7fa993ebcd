package org.curios.machine.image;

import java.nio.file.Path;

/** Finds the source files of an image. */
public interface SourceLookup {
  /** Finds none. */
  SourceLookup NONE =
      new SourceLookup() {
        @Override
        public String text(String file) {
          return null;
        }

        @Override
        public Path path(String file) {
          return null;
        }
      };

  /**
   * Returns the text of a file, or null.
   *
   * @param file path as the debug information names it
   */
  String text(String file);

  /** Returns the path of a file if it is on disk, otherwise null. */
  Path path(String file);
}
