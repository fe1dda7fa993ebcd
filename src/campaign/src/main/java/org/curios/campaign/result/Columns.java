package org.curios.campaign.result;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns of tables of trials: the components of {@link Row}, in their order. */
public final class Columns {
  private static final List<RecordComponent> COMPONENTS = List.of(Row.class.getRecordComponents());

  /**
   * A column.
   *
   * @param name in words with underscores
   * @param type {@code long}, {@code boolean} or {@code String}
   */
  public record Column(String name, Class<?> type) {}

  private static final List<Column> ALL =
      COMPONENTS.stream().map(c -> new Column(name(c.getName()), c.getType())).toList();

  private Columns() {}

  private static String name(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Returns all columns. */
  public static List<Column> all() {
    return ALL;
  }

  /** Returns the values of a row, one for each column. */
  public static Object[] values(Row row) {
    Object[] values = new Object[ALL.size()];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = COMPONENTS.get(i).getAccessor().invoke(row);
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  /** Returns the row of values by the names of their columns. */
  public static Row row(Map<String, Object> values) {
    Class<?>[] types = ALL.stream().map(Column::type).toArray(Class[]::new);
    // A folder of an older version lacks newer columns of text.
    Object[] all =
        ALL.stream()
            .map(c ->
                c.type() == String.class ? values.getOrDefault(c.name(), "") : values.get(c.name()))
            .toArray();
    try {
      return Row.class.getDeclaredConstructor(types).newInstance(all);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(Arrays.toString(all), e);
    }
  }
}
