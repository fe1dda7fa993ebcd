package org.curios.lab.measure;

import java.util.Arrays;
import java.util.List;

/** The measured operations of file systems and networks, the same in every system. */
public enum Operation {
  READ("read_4k", "cached read of 4 KB"),
  WRITE("write_4k", "cached write of 4 KB"),
  OPEN_CLOSE("open_close", "open and close, path three deep"),
  CREATE_UNLINK("create_unlink", "create, close and unlink"),
  STAT("stat", "stat, path three deep"),
  FSYNC("fsync_4k", "fsync of 4 KB"),
  UDP("udp_round_trip", "UDP round trip of one byte, loopback"),
  TCP("tcp_round_trip", "TCP round trip of one byte, loopback"),
  TCP_BULK("tcp_bulk_mb", "TCP, 1 MB in pieces of 4 KB, loopback", 4),
  HTTP("http_1k", "HTTP request for 1 KB, loopback"),
  UDP_WIRE("udp_round_trip_wire", "UDP round trip of one byte, wire"),
  TCP_WIRE("tcp_round_trip_wire", "TCP round trip of one byte, wire"),
  BULK_WIRE("tcp_bulk_mb_wire", "TCP, 1 MB received, wire", 4),
  HTTP_WIRE("http_1k_wire", "HTTP request for 1 KB, wire");

  private final String key;
  private final String text;
  private final int times;

  Operation(String key, String text) {
    this(key, text, 1);
  }

  Operation(String key, String text, int times) {
    this.key = key;
    this.text = text;
    this.times = times;
  }

  /** Returns the number of measured units in the operation: of a MB, a quarter is measured. */
  int times() {
    return times;
  }

  /** Returns the operation with a name in JSON, or null. */
  public static Operation of(String key) {
    for (Operation operation : values()) {
      if (operation.key.equals(key)) {
        return operation;
      }
    }
    return null;
  }

  /** Returns all names in JSON. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Operation::key).toList();
  }

  /** Returns its name in JSON. */
  public String key() {
    return key;
  }

  /** Returns its description. */
  public String text() {
    return text;
  }

  /**
   * Returns the operation in a measured program's word.
   *
   * @param word 1 for the first operation, and above bit 8 which repetition
   * @return null for none
   */
  static Operation of(int word) {
    int number = word & 0xff;
    return number == 0 || number > values().length ? null : values()[number - 1];
  }
}
