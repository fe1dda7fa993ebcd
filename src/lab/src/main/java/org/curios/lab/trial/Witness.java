package org.curios.lab.trial;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.ClientRecords.Entry;

/**
 * Checks whether clients that never end get the right results: each record follows from the one
 * before, no service has failed, the counter counts, lines arrive as they were typed; and on the
 * console there is only the numbers of {@code talker0} and the echo, each character once. The
 * clients compare all other results themselves and print what is wrong.
 */
final class Witness {
  private static final String TALKER = "talker0: ";
  private static final String READER = "typist0";
  private static final int COUNTER_ADD = 1;
  private static final int CONSOLE_READ = 1;
  private static final int LETTERS = 25; // a line that begins with Z ends the reader
  private static final int MOST_COMPLAINTS = 20;

  /** Characters of a typed line, including its end. */
  static final int LINE = 8;

  /** The state of a client. */
  private static final class Client {
    private long seen;
    private int chain;
    private int counted = -1;
    private long read;
    private boolean begun;
  }

  private final Map<String, Client> clients = new LinkedHashMap<>();
  private final List<Obj> objects;
  private final List<String> complaints = new ArrayList<>();
  private final Dictionary words;
  private final int counter;
  private final int console;
  private final StringBuilder printed = new StringBuilder();
  private long spoken;
  private long typed;
  private long echoed;
  private long lineEnds;
  private long complaintCount;

  /** Watches the running clients. */
  Witness(View v) {
    words = v.words();
    counter = (int) v.object("counter").struct().get("id") << 8 | COUNTER_ADD;
    console = (int) v.object("console").struct().get("id") << 8 | CONSOLE_READ;
    objects =
        v.objects().stream().filter(o -> !o.isService() && ClientRecords.isKept(v, o)).toList();
    objects.forEach(o -> clients.put(o.name(), new Client()));
  }

  /** Returns the next character to type. */
  int nextTyped() {
    return character(typed++);
  }

  private static int character(long number) {
    return number % LINE == LINE - 1 ? '\n' : 'A' + (int) (number % LETTERS);
  }

  /** Reads new records of all clients, and new output. */
  void look(View v, byte[] newlyPrinted) {
    for (Obj o : objects) {
      look(v, o, clients.get(o.name()));
    }
    listen(newlyPrinted);
  }

  private void look(View v, Obj o, Client client) {
    ClientRecords records = ClientRecords.read(v, o, client.seen);
    List<Entry> last = records.last();
    for (int i = 0; i < last.size() - 1; i++) { // the very last one may be half written
      Entry e = last.get(i);
      String name = o.name() + ", request " + e.number() + ": ";
      boolean follows = e.number() == client.seen + 1;
      if (client.begun && !follows) {
        complain(name + "not all records before it were seen, from " + (client.seen + 1));
      } else if (follows && chain(client.chain, e) != e.chain()) {
        complain(name + "does not follow from the one before");
      }
      check(name, client, e, follows);
      client.begun = true;
      client.seen = e.number();
      client.chain = e.chain();
    }
    if (client.begun && records.count() < client.seen) {
      complain(o.name() + ": its records have shrunk");
    }
  }

  private void check(String name, Client client, Entry e, boolean follows) {
    if (words.isTold(e.result())) {
      complain(name + words.result(e.result()));
    } else if (e.call() == counter) {
      client.counted = follows && client.counted >= 0 ? client.counted + 1 : e.result();
      if (e.result() != client.counted) {
        complain(name + "counter gave " + e.result() + " instead of " + client.counted);
        client.counted = e.result();
      }
    } else if (e.call() == console) {
      int digest = 0;
      for (int i = 0; i < LINE; i++) {
        digest = mix(digest, character(client.read++));
      }
      if (e.result() != LINE || e.digest() != digest) {
        complain(name + "not the line that was typed");
      }
    }
  }

  private static int mix(int sum, int value) {
    return Integer.rotateLeft(sum, 5) ^ value;
  }

  private static int chain(int before, Entry e) {
    int sum = mix(mix(mix(before, e.call()), e.result()), e.digest());
    return mix(sum, (int) e.number() - 1);
  }

  private void complain(String what) {
    complaintCount++;
    if (complaints.size() < MOST_COMPLAINTS) {
      complaints.add(what);
    }
  }

  private void listen(byte[] bytes) {
    for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
      if (c == '\n') {
        lineEnds++;
      } else if (c >= 'A' && c <= 'Z') {
        echo(c);
      } else {
        printed.append(c);
      }
    }
    int at = 0;
    for (String next = TALKER + (spoken + 1); ; next = TALKER + (spoken + 1)) {
      if (printed.length() - at < next.length() + TALKER.length()) {
        break; // the number may continue
      }
      int end = printed.indexOf(TALKER, at + 1);
      if (end < 0) {
        break;
      }
      String line = printed.substring(at, end);
      if (!line.equals(next)) {
        complain("on the console: \"" + line + "\" instead of \"" + next + '"');
      }
      spoken = number(line);
      at = end;
    }
    printed.delete(0, at);
    if (printed.length() > 200) {
      complain("on the console: \"" + printed + '"');
      printed.setLength(0);
    }
  }

  private long number(String line) {
    String digits = line.startsWith(TALKER) ? line.substring(TALKER.length()) : "";
    return digits.matches("\\d{1,9}") ? Long.parseLong(digits) : spoken + 1;
  }

  private void echo(char c) {
    while (echoed < typed && character(echoed) == '\n') {
      echoed++;
    }
    if (echoed == typed || character(echoed) != c) {
      complain("on the console: the echo of " + c + ", which was not typed then");
    }
    echoed++;
  }

  /** Compares the line ends, when no line is incomplete. */
  void finish() {
    if (!printed.isEmpty() && !printed.toString().equals(TALKER + (spoken + 1))) {
      complain("on the console at the end: \"" + printed + '"');
    }
    long ends = spoken + (printed.isEmpty() ? 0 : 1) + typed / LINE;
    if (Math.abs(lineEnds - ends) > 1) { // a line may be incomplete
      complain("on the console: " + lineEnds + " ends of lines instead of " + ends);
    }
    Client reader = clients.get(READER);
    if (reader != null && Math.abs(reader.read - typed) > 3 * LINE) {
      complain(READER + " has read " + reader.read + " of " + typed + " characters");
    }
  }

  /** Returns the number of recorded requests of each client. */
  Map<String, Long> requests() {
    Map<String, Long> all = new LinkedHashMap<>();
    clients.forEach((name, client) -> all.put(name, client.seen));
    return all;
  }

  /** Returns the number of errors. */
  long complaintCount() {
    return complaintCount;
  }

  /** Returns the first errors. */
  List<String> complaints() {
    return complaints;
  }
}
