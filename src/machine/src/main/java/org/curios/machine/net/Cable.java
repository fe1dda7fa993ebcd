package org.curios.machine.net;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where the cable of a machine leads, as {@code --net} says it: KIND:TARGET, and options after
 * commas.
 *
 * @param kind {@code switch}, {@code stream} or {@code tap}
 * @param target name of the switch; HOST:PORT or path of the stream; name of the interface
 * @param mac address of the controller, six bytes, or null for the default
 * @param impairments what happens to frames on the way
 */
public record Cable(String kind, String target, byte[] mac, Impairments impairments) {
  private static final Set<String> KINDS = Set.of("switch", "stream", "tap");
  private static final Set<String> SHARES = Set.of("loss", "reorder", "duplicate", "corrupt");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final String USE =
      "give switch:NAME, stream:HOST:PORT, stream:PATH or tap:INTERFACE";

  /**
   * Reads a description.
   *
   * @throws IOException if it is invalid; the message is for the user
   */
  public static Cable parse(String text) throws IOException {
    String[] words = text.split(",", -1);
    int colon = words[0].indexOf(':');
    String kind = colon < 0 ? words[0] : words[0].substring(0, colon);
    String target = colon < 0 ? "" : words[0].substring(colon + 1);
    if (!KINDS.contains(kind) || target.isEmpty()) {
      throw new IOException(words[0] + ": not a far end of a cable; " + USE);
    }
    byte[] mac = null;
    Impairments impairments = Impairments.NONE;
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      if (SHARES.contains(name)) {
        impairments = impairments.with(name, share(word, value));
      } else if (name.equals("seed")) {
        impairments = impairments.withSeed(seed(word, value));
      } else if (name.equals("mac")) {
        mac = mac(word, value);
      } else {
        throw new IOException(
            "option %s: not known; there are loss, reorder, duplicate, corrupt, seed and mac"
                .formatted(word));
      }
    }
    return new Cable(kind, target, mac, impairments);
  }

  private static BigDecimal share(String word, String value) throws IOException {
    try {
      BigDecimal share = new BigDecimal(value.replaceFirst("%$", "")).divide(HUNDRED);
      if (value.endsWith("%") && share.signum() >= 0 && share.compareTo(BigDecimal.ONE) <= 0) {
        return share;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException("option " + word + ": give a share from 0% to 100%, such as 2%");
  }

  private static long seed(String word, String value) throws IOException {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IOException("option " + word + ": give a whole number, such as 7", e);
    }
  }

  private static byte[] mac(String word, String value) throws IOException {
    try {
      byte[] mac = HexFormat.ofDelimiter(":").parseHex(value);
      if (mac.length == EthernetFrames.ADDRESS && (mac[0] & 1) == 0) {
        return mac;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IOException(
        "option " + word + ": give the address of one station, such as 52:54:00:12:34:57");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cable c
        && c.kind.equals(kind)
        && c.target.equals(target)
        && Arrays.equals(c.mac, mac)
        && c.impairments.equals(impairments);
  }

  @Override
  public int hashCode() {
    return kind.hashCode() * 31 + target.hashCode();
  }
}
