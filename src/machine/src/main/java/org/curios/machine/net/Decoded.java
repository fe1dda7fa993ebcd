package org.curios.machine.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A frame as text: Ethernet, ARP, IPv4 (RFC 791), ICMP, UDP and TCP.
 *
 * @param protocol the innermost one that is known
 * @param from the sender
 * @param to whom it is for
 * @param info further details
 */
public record Decoded(String protocol, String from, String to, String info) {
  private static final int TYPE = 12;
  private static final int PAYLOAD = 14;
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86dd;
  private static final int ARP_BYTES = 28;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;
  private static final int TCP_HEADER = 20;
  private static final List<String> FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");

  /** Decodes a frame; a damaged frame is shown as far as it can be decoded. */
  public static Decoded of(byte[] frame) {
    if (frame.length < PAYLOAD) {
      return new Decoded("?", "", "", frame.length + " bytes");
    }
    ByteBuffer b = ByteBuffer.wrap(frame);
    Decoded ethernet =
        new Decoded("ethernet", mac(frame, 6), mac(frame, 0), "type %04x".formatted(u16(b, TYPE)));
    return switch (u16(b, TYPE)) {
      case ARP -> frame.length < PAYLOAD + ARP_BYTES ? ethernet : arp(b, frame);
      case IPV4 -> frame.length < PAYLOAD + IPV4_HEADER ? ethernet : ipv4(b, frame);
      case IPV6 ->
          frame.length < PAYLOAD + IPV6_HEADER
              ? ethernet
              : new Decoded(
                  "ipv6",
                  address(frame, PAYLOAD + 8, 16),
                  address(frame, PAYLOAD + 24, 16),
                  "next header " + (frame[PAYLOAD + 6] & 0xff));
      default -> ethernet;
    };
  }

  private static int u16(ByteBuffer b, int at) {
    return b.getShort(at) & 0xffff;
  }

  private static long u32(ByteBuffer b, int at) {
    return b.getInt(at) & 0xffffffffL;
  }

  private static String mac(byte[] frame, int at) {
    return HexFormat.ofDelimiter(":").formatHex(frame, at, at + EthernetFrames.ADDRESS);
  }

  private static String address(byte[] frame, int at, int bytes) {
    byte[] address = Arrays.copyOfRange(frame, at, at + bytes);
    try {
      return bytes == 16
          ? Inet6Address.getByAddress(null, address, -1).getHostAddress()
          : InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // of a length that is none
    }
  }

  private static Decoded arp(ByteBuffer b, byte[] frame) {
    String sender = address(frame, PAYLOAD + 14, 4);
    String target = address(frame, PAYLOAD + 24, 4);
    String info =
        switch (u16(b, PAYLOAD + 6)) {
          case 1 -> "who has " + target;
          case 2 -> sender + " is at " + mac(frame, PAYLOAD + 8);
          default -> "operation " + u16(b, PAYLOAD + 6);
        };
    return new Decoded("arp", sender, target, info);
  }

  private static Decoded ipv4(ByteBuffer b, byte[] frame) {
    int header = (frame[PAYLOAD] & 15) * 4;
    int total = Math.min(u16(b, PAYLOAD + 2), frame.length - PAYLOAD);
    int fragment = u16(b, PAYLOAD + 6);
    String from = address(frame, PAYLOAD + 12, 4);
    String to = address(frame, PAYLOAD + 16, 4);
    int protocol = frame[PAYLOAD + 9] & 0xff;
    int at = PAYLOAD + header;
    int length = total - header;
    if (header < IPV4_HEADER || length < 0) {
      return new Decoded("ipv4", from, to, "damaged header");
    }
    if ((fragment & 0x1fff) != 0) {
      return new Decoded("ipv4", from, to, "fragment at " + (fragment & 0x1fff) * 8);
    }
    String more = (fragment & 0x2000) != 0 ? ", first fragment" : "";
    if (protocol == ICMP && length >= UDP_HEADER) {
      return new Decoded("icmp", from, to, icmp(b, at) + more);
    }
    if (protocol == UDP && length >= UDP_HEADER) {
      String info = length - UDP_HEADER + " bytes" + more;
      return new Decoded("udp", from + ":" + u16(b, at), to + ":" + u16(b, at + 2), info);
    }
    if (protocol == TCP && length >= TCP_HEADER) {
      String info = tcp(b, at, length) + more;
      return new Decoded("tcp", from + ":" + u16(b, at), to + ":" + u16(b, at + 2), info);
    }
    return new Decoded("ipv4", from, to, "protocol " + protocol + ", " + length + " bytes" + more);
  }

  private static String icmp(ByteBuffer b, int at) {
    int type = b.get(at) & 0xff;
    int code = b.get(at + 1) & 0xff;
    String sequence = " %d of %04x".formatted(u16(b, at + 6), u16(b, at + 4));
    return switch (type) {
      case 0 -> "echo reply" + sequence;
      case 3 -> "unreachable, code " + code;
      case 8 -> "echo request" + sequence;
      case 11 -> "time exceeded, code " + code;
      default -> "type " + type + ", code " + code;
    };
  }

  private static String tcp(ByteBuffer b, int at, int length) {
    List<String> flags = new ArrayList<>();
    for (int i = 0; i < FLAGS.size(); i++) {
      if ((b.get(at + 13) >>> i & 1) != 0) {
        flags.add(FLAGS.get(i));
      }
    }
    int data = length - (b.get(at + 12) >>> 4 & 15) * 4;
    String acknowledged = flags.contains("ACK") ? " ack " + u32(b, at + 8) : "";
    return "%s seq %d%s win %d, %d bytes"
        .formatted(
            String.join(" ", flags),
            u32(b, at + 4),
            acknowledged,
            u16(b, at + 14),
            Math.max(data, 0));
  }
}
