package org.curios.lab.gdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers the packets that begin with q and Q. */
final class Queries {
  private static final byte[] OK = ascii("OK");
  private static final byte[] UNKNOWN = {};
  private static final byte[] NO_ANNEX = ascii("E00");
  private static final byte[] NO_MEMORY = ascii("E14");

  private static final String FEATURES =
      "PacketSize="
          + Integer.toHexString(PacketStream.LIMIT)
          + ";QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+;ReverseStep+;ReverseContinue+"
          + ";qXfer:features:read+;qXfer:threads:read+;qXfer:exec-file:read+";

  private static final Set<String> OBJECTS = Set.of("features", "threads", "exec-file");

  /** Most data in a part of an answer to {@code qXfer}: each byte may need two. */
  private static final int PART = PacketStream.LIMIT / 2 - 16;

  /** Maximum characters in an output packet. */
  private static final int OUTPUT = 1000;

  private static final int CRC_POLYNOMIAL = 0x04c11db7;

  private final Target target;
  private final ImageFile file;
  private final Monitor monitor;
  private boolean trusts;

  Queries(Target target, ImageFile file, Monitor monitor) {
    this.target = target;
    this.file = file;
    this.monitor = monitor;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Answers a packet that begins with Q. */
  byte[] set(Request r) {
    if (r.take("StartNoAckMode")) {
      trusts = true;
      return OK;
    }
    return UNKNOWN;
  }

  /** Performs actions that must follow the answer. */
  void sent(PacketStream stream) {
    if (trusts) {
      stream.trust();
    }
  }

  /** Answers a packet that begins with q. */
  byte[] answer(Request r, PacketStream stream) throws IOException {
    if (r.take("Supported")) {
      return ascii(FEATURES);
    }
    if (r.take("Xfer:")) {
      return transfer(r);
    }
    if (r.take("Rcmd,")) {
      return command(r.hexText('\0'), stream);
    }
    if (r.take("fThreadInfo")) {
      return ascii(
          target.list().stream()
              .map(t -> Integer.toHexString(t.id()))
              .collect(Collectors.joining(",", "m", "")));
    }
    if (r.take("sThreadInfo")) {
      return ascii("l");
    }
    if (r.take("ThreadExtraInfo,")) {
      int thread = r.thread();
      return target.list().stream()
          .filter(t -> t.id() == thread)
          .findFirst()
          .map(t -> ascii(HexFormat.of().formatHex(ascii(t.name() + ", " + t.state()))))
          .orElse(NO_ANNEX);
    }
    if (r.take("Attached")) {
      return ascii("1");
    }
    if (r.take("Offsets")) {
      return ascii("Text=0;Data=0;Bss=0");
    }
    if (r.take("Symbol:")) {
      return OK;
    }
    if (r.take("CRC:")) {
      return checksum(r);
    }
    if (r.take("C") && r.atEnd()) {
      return ascii("QC" + Integer.toHexString(target.current()));
    }
    return UNKNOWN;
  }

  private byte[] transfer(Request r) {
    String object = r.until(':');
    if (!r.take("read:")) {
      return UNKNOWN;
    }
    String annex = r.until(':');
    if (!OBJECTS.contains(object)) {
      return UNKNOWN;
    }
    byte[] all =
        switch (object) {
          case "threads" -> ascii(TargetDescription.threads(target.list()));
          case "exec-file" -> file.path() == null ? null : ascii(file.path());
          default -> annex.equals("target.xml") ? ascii(TargetDescription.xml()) : null;
        };
    if (all == null) {
      return NO_ANNEX;
    }
    long offset = r.number();
    r.expect(',');
    long length = r.number();
    int from = (int) Math.min(offset & Long.MAX_VALUE, all.length);
    int to = (int) Math.min(from + Math.min(length & Long.MAX_VALUE, PART), all.length);
    byte[] part = new byte[to - from + 1];
    part[0] = (byte) (to == all.length ? 'l' : 'm');
    System.arraycopy(all, from, part, 1, to - from);
    return part;
  }

  private byte[] command(String line, PacketStream stream) throws IOException {
    byte[] output = monitor.run(line).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < output.length; i += OUTPUT) {
      byte[] part = Arrays.copyOfRange(output, i, Math.min(i + OUTPUT, output.length));
      stream.send("O" + HexFormat.of().formatHex(part));
    }
    return OK;
  }

  /** The CRC-32 that gdb compares sections with: high bits first, not inverted. */
  private byte[] checksum(Request r) {
    int address = r.word();
    r.expect(',');
    int left = r.count(Integer.MAX_VALUE);
    int crc = -1;
    while (left > 0) {
      byte[] bytes = target.read(address, Math.min(left, PacketStream.LIMIT));
      if (bytes.length == 0) {
        return NO_MEMORY;
      }
      for (byte b : bytes) {
        crc ^= b << 24;
        for (int i = 0; i < 8; i++) {
          crc = crc < 0 ? crc << 1 ^ CRC_POLYNOMIAL : crc << 1;
        }
      }
      address += bytes.length;
      left -= bytes.length;
    }
    return ascii("C" + Integer.toHexString(crc));
  }
}
