package org.curios.lab.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.curios.lab.results.ResultFolder;
import org.curios.lab.script.model.Workbench;

/**
 * Things for scripts that come from a module above this one; found by {@link ServiceLoader}. Its
 * classes carry the same annotations as those of {@link org.curios.lab.script.model}.
 */
public interface Extension {
  /** Returns the classes of its things, in the order of the reference. */
  List<Class<?>> classes();

  /**
   * Returns its global things by name.
   *
   * @param workbench says when a script has to end
   * @param folder where files may be written and read
   */
  Map<String, Object> globals(Workbench workbench, ResultFolder folder);

  /** Returns all that are there. */
  static List<Extension> all() {
    List<Extension> all = new ArrayList<>();
    ServiceLoader.load(Extension.class, Extension.class.getClassLoader()).forEach(all::add);
    return all;
  }
}
