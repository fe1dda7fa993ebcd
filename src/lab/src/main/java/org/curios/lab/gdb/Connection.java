package org.curios.lab.gdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.curios.lab.gdb.GdbRegisters.Register;
import org.curios.lab.session.Session;
import org.curios.lab.session.Session.State;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;

/**
 * An attached debugger: receives its packets and answers them (Debugging with GDB, appendix E).
 * While the machine moves on the debugger's behalf, the answer comes from the machine's thread when
 * it is stopped.
 */
final class Connection {
  /** How a debugger disconnects. */
  enum End {
    /** It has detached. */
    DETACHED,
    /** It kills the machine. */
    KILLED,
    /** The guest has ended, and the debugger has been notified. */
    EXITED,
    /** The connection is lost. */
    LOST
  }

  private static final byte[] OK = ascii("OK");
  private static final byte[] UNKNOWN = {};
  private static final byte[] MALFORMED = ascii("E01");
  private static final byte[] NO_MEMORY = ascii("E14");

  /** Maximum bytes of memory in a packet. */
  private static final int MOST_BYTES = PacketStream.LIMIT / 2 - 16;

  /** The thread that the processor is in. */
  private static final int ANY = 0;

  private static final int MOST_WATCHED = 1 << 20;

  private final PacketStream stream;
  private final Target target;
  private final Session session;
  private final Queries queries;
  private final ImageFile file;
  private volatile Move moving;
  private volatile int selected = ANY;
  private int stepped = ANY;
  private End end;

  /** The reason of the current stop. */
  private volatile StopReason last;

  Connection(PacketStream stream, Target target, ImageFile file) {
    this.stream = stream;
    this.target = target;
    this.session = target.session();
    this.file = file;
    this.last = presentStop();
    this.queries = new Queries(target, file, new Monitor(target));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The reason of the stop if this debugger has not moved the machine. */
  private StopReason presentStop() {
    return session.lastStatus().state() == State.ENDED
        ? StopReason.ended(session.exitStatus())
        : StopReason.TRAP;
  }

  /** Serves the debugger until it leaves. The machine is stopped when the debugger attaches. */
  End serve() {
    BiConsumer<Machine, Session.Status> answer = (m, s) -> answerStop(m);
    session.onStop(answer);
    try {
      while (end == null) {
        PacketStream.Packet packet = stream.read();
        if (packet == null) {
          return End.LOST;
        }
        if (packet.kind() == PacketStream.Kind.INTERRUPT) {
          interrupt();
        } else if (moving == null) {
          byte[] reply = reply(packet);
          if (reply != null) {
            stream.send(reply);
          }
          queries.sent(stream);
        }
      }
      return end;
    } catch (IOException e) {
      return End.LOST;
    } finally {
      session.onStopNoMore(answer);
    }
  }

  private void interrupt() {
    Move move = moving;
    if (move != null) {
      move.cancel();
      session.pause();
    }
  }

  /** Notifies the debugger that the machine has stopped; on the machine's thread. */
  private void answerStop(Machine m) {
    Move move = moving;
    if (move == null) {
      last = presentStop(); // a monitor command has moved it
      return;
    }
    selected = ANY; // gdb assumes that the thread that has stopped is selected
    moving = null;
    StopReason why = move.reason();
    last = why;
    try {
      if (!why.note().isEmpty()) {
        stream.send("O" + HexFormat.of().formatHex(ascii(why.note())));
      }
      stream.send(target.stopReply(m, why));
    } catch (IOException e) {
      // the thread that reads will see it
    }
  }

  /** Returns the answer to a packet; null if it comes later, or there is none. */
  private byte[] reply(PacketStream.Packet packet) throws IOException {
    if (packet.kind() == PacketStream.Kind.TOO_LONG) {
      return MALFORMED;
    }
    try {
      return answer(new Request(packet.data()));
    } catch (Request.Malformed | SessionException e) {
      return MALFORMED;
    }
  }

  private byte[] answer(Request r) throws IOException {
    if (r.atEnd()) {
      return UNKNOWN;
    }
    return switch (r.next()) {
      case '?' -> ascii(session.call(m -> target.stopReply(m, last)));
      case 'g' -> ascii(target.registers(selected));
      case 'G' -> writeRegisters(r.hexBytes('\0'));
      case 'p' -> readRegister(r.count(Integer.MAX_VALUE));
      case 'P' -> writeRegister(r);
      case 'm' -> readMemory(r);
      case 'M' -> writeMemory(r, false);
      case 'X' -> writeMemory(r, true);
      case 'Z' -> breakpoint(r, true);
      case 'z' -> breakpoint(r, false);
      case 'c' -> go(r, false, false);
      case 's' -> go(r, true, false);
      case 'C' -> go(r, false, true);
      case 'S' -> go(r, true, true);
      case 'b' -> goBack(r);
      case 'H' -> select(r);
      case 'T' -> target.exists(r.thread()) ? OK : MALFORMED;
      case 'D' -> leave(End.DETACHED, OK);
      case 'k' -> leave(End.KILLED, null);
      case 'q' -> queries.answer(r, stream);
      case 'Q' -> queries.set(r);
      case 'v' -> verbose(r);
      default -> UNKNOWN;
    };
  }

  private byte[] leave(End how, byte[] reply) {
    end = how;
    return reply;
  }

  // ---- registers and memory

  private byte[] readRegister(int number) {
    Register register = GdbRegisters.find(number);
    return register == null ? MALFORMED : ascii(target.register(selected, register));
  }

  private byte[] writeRegister(Request r) {
    Register register = GdbRegisters.find(r.count(Integer.MAX_VALUE));
    r.expect('=');
    byte[] value = r.hexBytes('\0');
    if (register == null || value.length * 8 != register.bits()) {
      return MALFORMED;
    }
    if (register.writer() == null) {
      return ascii("E." + register.name() + " cannot be set; monitor back goes to a tick");
    }
    target.setRegisters(selected, Map.of(register, word(value, 0)));
    return OK;
  }

  private static int word(byte[] bytes, int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private byte[] writeRegisters(byte[] values) {
    Map<Register, Integer> changed = new LinkedHashMap<>();
    int at = 0;
    for (Register register : GdbRegisters.ALL) {
      int bytes = register.bits() / 8;
      if (at + bytes > values.length) {
        break;
      }
      if (register.writer() != null) {
        changed.put(register, word(values, at));
      }
      at += bytes;
    }
    if (at == 0 || at != values.length) {
      return MALFORMED;
    }
    target.setRegisters(selected, changed);
    return OK;
  }

  private byte[] readMemory(Request r) {
    int address = r.word();
    r.expect(',');
    int length = (int) Math.min(r.number() & Long.MAX_VALUE, MOST_BYTES);
    byte[] bytes = target.read(address, length);
    return bytes.length == 0 && length > 0 ? NO_MEMORY : ascii(HexFormat.of().formatHex(bytes));
  }

  private byte[] writeMemory(Request r, boolean binary) {
    int address = r.word();
    r.expect(',');
    int length = r.count(PacketStream.LIMIT);
    r.expect(':');
    byte[] bytes = binary ? r.rest() : r.hexBytes('\0');
    if (bytes.length != length) {
      return MALFORMED;
    }
    return target.write(address, bytes) ? OK : NO_MEMORY;
  }

  private byte[] breakpoint(Request r, boolean insert) {
    int type = r.next() - '0';
    GdbBreakpoints.Kind[] kinds = GdbBreakpoints.Kind.values();
    if (type < 0 || type >= kinds.length) {
      return UNKNOWN;
    }
    r.expect(',');
    int address = r.word();
    r.expect(',');
    int size = r.count(MOST_WATCHED);
    if (size == 0) {
      return MALFORMED;
    }
    if (insert) {
      target.breakpoints().insert(kinds[type], address, size);
    } else {
      target.breakpoints().remove(kinds[type], address, size);
    }
    return OK;
  }

  // ---- threads and moves

  private byte[] select(Request r) {
    char what = r.next();
    int thread = r.thread();
    if (thread > 0 && !target.exists(thread)) {
      return MALFORMED;
    }
    if (what == 'g') {
      selected = thread;
    } else if (what == 'c') {
      stepped = thread;
    }
    return OK;
  }

  /** {@code c}, {@code s}, {@code C}, {@code S}; the guest has no signals. */
  private byte[] go(Request r, boolean step, boolean signal) {
    if (signal) {
      r.number();
      r.take(';');
    }
    if (!r.atEnd()) {
      int address = r.word();
      target.setRegisters(0, Map.of(GdbRegisters.find(GdbRegisters.PC), address));
    }
    return step ? step(stepped, 0, 0) : start(target.forward());
  }

  private byte[] step(int thread, int from, int length) {
    int which = thread > 0 ? thread : target.current();
    return start(target.step(which, from, length));
  }

  /** Detaches from the machine; if the guest has ended, reports that. */
  private byte[] start(Move move) {
    if (session.lastStatus().state() == State.ENDED) {
      return leave(End.EXITED, ascii("W" + GdbRegisters.hex(session.exitStatus(), 8)));
    }
    return resume(move);
  }

  private byte[] resume(Move move) {
    moving = move;
    try {
      session.resume(move);
    } catch (SessionException e) {
      moving = null;
      throw e;
    }
    return null;
  }

  private byte[] goBack(Request r) {
    return switch (r.next()) {
      case 's' -> resume(target.stepBack(stepped > 0 ? stepped : target.current()));
      case 'c' -> resume(target.backward());
      default -> UNKNOWN;
    };
  }

  private byte[] verbose(Request r) {
    if (r.take("Cont?")) {
      return ascii("vCont;c;C;s;S;r");
    }
    if (r.take("Cont;")) {
      return go(r);
    }
    if (r.take("File:")) {
      return file.answer(r);
    }
    if (r.take("Kill")) {
      return leave(End.KILLED, OK);
    }
    return UNKNOWN;
  }

  /** What {@code vCont} does to one thread, or to all that are not named. */
  private byte[] go(Request r) {
    int thread = 0;
    int from = 0;
    int length = 0;
    boolean steps = false;
    do {
      char action = r.next();
      if (action == 'C' || action == 'S') {
        r.number();
      }
      int start = 0;
      int end = 0;
      if (action == 'r') {
        start = r.word();
        r.expect(',');
        end = r.word();
      } else if ("cCsS".indexOf(action) < 0) {
        throw new Request.Malformed("no such action");
      }
      int which = r.take(':') ? r.thread() : 0;
      if (!steps && "sSr".indexOf(action) >= 0) {
        steps = true;
        thread = which;
        from = start;
        length = end - start;
      }
    } while (r.take(';'));
    return steps ? step(thread, from, length) : start(target.forward());
  }
}
