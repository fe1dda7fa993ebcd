package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.StateField;
import org.curios.lab.session.SessionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The server state regions: what services keep for their clients. */
@Command(name = "states")
final class StateCommands {
  private final Shell shell;

  StateCommands(Shell shell) {
    this.shell = shell;
  }

  /**
   * Returns the state with an ID.
   *
   * @throws SessionException if there is none
   */
  static Struct find(View v, String id) {
    String digits = id.startsWith("0x") ? id.substring(2) : id;
    if (digits.matches("[0-9a-fA-F]{1,8}")) {
      Struct s = v.states().at(Integer.parseUnsignedInt(digits, 16));
      if (s != null) {
        return s;
      }
    }
    throw new SessionException(id + ": no state has this ID; ssr lists them");
  }

  @Command(
      customSynopsis = "ssr [SERVICE] | ssr show ID | ssr show SERVICE CLIENT",
      description = {
        "The server state regions of one service or of all, with owner and condition. ssr show decodes",
        "one, as its service describes it."
      },
      footer = {
        "Examples:",
        "  ssr",
        "  ssr store",
        "  ssr show 0005f120",
        "  ssr show store steady0"
      })
  void ssr(@Parameters(arity = "0..3", paramLabel = "WHAT") String[] words, @Mixin Json json) {
    if (words != null && words[0].equals("show")) {
      if (words.length < 2) {
        throw new SessionException(
            "ssr show: give the ID of a state, or a service and its client; ssr lists them");
      }
      show(List.of(words).subList(1, words.length), json);
      return;
    }
    if (words != null && words.length > 1) {
      throw new SessionException("ssr: give one service, or show ID");
    }
    String only = words == null ? null : words[0];
    shell.showMade(shell.look(v -> rows(v, only)), json);
  }

  private static List<Map<String, Object>> rows(View v, String only) {
    if (only != null) {
      SystemCommands.service(v, only);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Guest.Obj server : v.objects()) {
      if (only == null || only.equals(server.name())) {
        for (Struct s : v.states().of(server)) {
          rows.add(describe(v, server, s));
        }
      }
    }
    return rows;
  }

  private static Map<String, Object> describe(View v, Guest.Obj server, Struct s) {
    return row(
        "id", Inspector.hex(s.address()),
        "server", server.name(),
        "owner", v.nameOf((int) s.get("owner")),
        "kind", v.words().name(Kind.MODE, s.get("kind")),
        "state", state(v, s),
        "bytes", s.get("bytes"),
        "checksum", checksum(v, server, s));
  }

  static String state(View v, Struct s) {
    return s.get("mode") == s.get("kind") ? "at rest" : v.words().name(Kind.MODE, s.get("mode"));
  }

  /** What the kernel would find: a packed state has a sum, which holds while no request uses it. */
  private static String checksum(View v, Guest.Obj server, Struct s) {
    if (v.states().word(s, 0) != (int) server.descriptor().get("tag") && !v.states().isBusy(s)) {
      return "WRONG tag";
    }
    if (!v.words().name(Kind.MODE, s.get("kind")).equals("packed")) {
      return "by tag";
    }
    return v.states().sum(s) == (int) s.get("sum") ? "ok" : "WRONG";
  }

  private void show(List<String> which, Json json) {
    if (json.on) {
      shell.say(Json.of(shell.look(v -> fields(v, find(v, which)))));
    } else {
      shell.look(v -> text(v, find(v, which))).forEach(shell::say);
    }
  }

  /** The state with an ID, or that of a service for a client. */
  private static Struct find(View v, List<String> which) {
    if (which.size() == 1) {
      return find(v, which.get(0));
    }
    Guest.Obj client = SystemCommands.object(v, which.get(1));
    for (Struct s : v.states().of(SystemCommands.service(v, which.get(0)))) {
      if (s.get("owner") == client.struct().get("id")) {
        return s;
      }
    }
    throw new SessionException(which.get(1) + " has no state in " + which.get(0));
  }

  private static Map<String, Object> fields(View v, Struct s) {
    Guest.Obj server = v.object(v.nameOf((int) s.get("server")));
    Map<String, Object> all = describe(v, server, s);
    all.put("tag", Inspector.hex(v.states().word(s, 0)));
    Map<String, Object> fields = new LinkedHashMap<>();
    for (StateField f : v.states().decode(s)) {
      int dot = f.name().indexOf('.');
      if (dot > 0) {
        putRows(fields, f.name().substring(0, dot), f.name().substring(dot + 1), f.values());
      } else {
        fields.put(f.name(), f.isArray() ? f.values() : f.values().get(0));
      }
    }
    all.put("fields", fields);
    List<Object> words = new ArrayList<>();
    for (int i = 0; i < s.get("bytes"); i += 4) {
      words.add(Inspector.hex(v.states().word(s, i)));
    }
    all.put("words", words);
    return all;
  }

  /** A column of an array of structures, which is a list of objects in JSON. */
  @SuppressWarnings("unchecked") // only this method puts these lists there
  private static void putRows(
      Map<String, Object> fields, String array, String column, List<Object> values) {
    List<Map<String, Object>> rows =
        (List<Map<String, Object>>) fields.computeIfAbsent(array, n -> new ArrayList<>());
    for (int i = 0; i < values.size(); i++) {
      if (rows.size() <= i) {
        rows.add(new LinkedHashMap<>());
      }
      rows.get(i).put(column, values.get(i));
    }
  }

  /** The words of a state in hexadecimal, without the lines of zeros at its end. */
  private static List<String> words(View v, Struct s) {
    List<String> lines = new ArrayList<>();
    int bytes = (int) s.get("bytes");
    int used = bytes;
    while (used > 0 && v.states().word(s, used - 4) == 0) {
      used -= 4;
    }
    for (int i = 0; i < used; i += 16) {
      StringBuilder line = new StringBuilder(format("  +%-4d", i));
      for (int j = i; j < Math.min(i + 16, bytes); j += 4) {
        line.append(format("  %08x", v.states().word(s, j)));
      }
      lines.add(line.toString());
    }
    int shown = used + 15 & ~15;
    if (shown < bytes) {
      lines.add(format("  +%-4d  zeros up to %d", shown, bytes));
    }
    return lines;
  }

  private static List<String> text(View v, Struct s) {
    List<String> lines = new ArrayList<>();
    Guest.Obj server = v.object(v.nameOf((int) s.get("server")));
    boolean tagged = v.states().word(s, 0) == (int) server.descriptor().get("tag");
    lines.add(
        format(
            "state of %s in %s, %s, %s, %d bytes, tag %08x%s, checksum %s",
            v.nameOf((int) s.get("owner")),
            server.name(),
            v.words().name(Kind.MODE, s.get("kind")),
            state(v, s),
            s.get("bytes"),
            v.states().word(s, 0),
            tagged ? "" : " (WRONG)",
            checksum(v, server, s)));
    if (v.states().isBusy(s)) {
      lines.add("  in use by a request: this is the state before it");
    }
    lines.addAll(decoded(v.states().decode(s)));
    lines.addAll(words(v, s));
    return lines;
  }

  private static List<String> decoded(List<StateField> fields) {
    List<String> lines = new ArrayList<>();
    Map<String, List<StateField>> arrays = new LinkedHashMap<>();
    for (StateField f : fields) {
      int dot = f.name().indexOf('.');
      if (dot > 0) {
        arrays.computeIfAbsent(f.name().substring(0, dot), n -> new ArrayList<>()).add(f);
      } else if (f.isArray()) {
        lines.add(format("  %-10s %s", f.name(), trimmed(f.values())));
      } else if (f.values().get(0) instanceof String text) {
        lines.add(format("  %-10s %s", f.name(), Json.of(text)));
      } else {
        lines.add(format("  %-10s %s", f.name(), f.values().get(0)));
      }
    }
    arrays.forEach((name, columns) -> lines.addAll(rows(name, columns)));
    return lines;
  }

  private static boolean isZero(Object value) {
    return value instanceof Long n && n == 0 || value.equals("00000000");
  }

  private static String trimmed(List<Object> values) {
    int last = values.size();
    while (last > 0 && isZero(values.get(last - 1))) {
      last--;
    }
    StringBuilder text = new StringBuilder();
    values.subList(0, last).forEach(x -> text.append(text.isEmpty() ? "" : " ").append(x));
    int zeros = values.size() - last;
    return text
        + (zeros == 0 ? "" : (text.isEmpty() ? "" : ", ") + "the other " + zeros + " are 0");
  }

  /** An array of structures: a row each, except for those at the end that are all zero. */
  private static List<String> rows(String name, List<StateField> columns) {
    int last = columns.get(0).values().size();
    int count = last;
    while (last > 0) {
      int at = last - 1;
      if (columns.stream().anyMatch(c -> !isZero(c.values().get(at)))) {
        break;
      }
      last--;
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      StringBuilder line = new StringBuilder(format("  %-10s", name + "[" + i + "]"));
      for (StateField c : columns) {
        line.append(format(" %s %s", c.name().substring(name.length() + 1), c.values().get(i)));
      }
      lines.add(line.toString());
    }
    if (last < count) {
      lines.add(format("  %-10s the other %d are 0", name, count - last));
    }
    return lines;
  }
}
