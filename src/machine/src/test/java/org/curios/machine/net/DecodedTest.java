package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodedTest {
  private static final String HEADER = "ffffffffffff525400123456";
  private static final String IP = "45000028000100004006000" + "00a00020f0a000202";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0806 0001080006040001 525400123456 0a00020f 000000000000 0a000202|arp|10.0.2.15|10.0.2.2|who has 10.0.2.2",
        "0806 0001080006040002 525400123456 0a00020f 000000000000 0a000202|arp|10.0.2.15|10.0.2.2|10.0.2.15 is at 52:54:00:12:34:56",
        "0800 IP9cd21fa3 00000001 00000002 50123908 00000000|tcp|10.0.2.15:40146|10.0.2.2:8099|SYN ACK seq 1 ack 2 win 14600, 0 bytes",
        "0800 4500001c00000000400100000a00020f0a000202 0800 0000 1234 0005|icmp|10.0.2.15|10.0.2.2|echo request 5 of 1234",
        "0800 4500001e00000000401100000a00020f0a000202 0035 0400 000a 0000 4142|udp|10.0.2.15:53|10.0.2.2:1024|2 bytes",
        "0800 4500001c00002001401100000a00020f0a000202 0035 0400 000a 0000|ipv4|10.0.2.15|10.0.2.2|fragment at 8",
        "0800 4500001c00000000400200000a00020f0a000202 0035 0400 000a 0000|ipv4|10.0.2.15|10.0.2.2|protocol 2, 8 bytes",
        "88b5 00|ethernet|52:54:00:12:34:56|ff:ff:ff:ff:ff:ff|type 88b5"
      })
  void decodes(String hex, String protocol, String from, String to, String info) {
    byte[] frame = HexFormat.of().parseHex((HEADER + hex.replace("IP", IP)).replace(" ", ""));
    assertEquals(new Decoded(protocol, from, to, info), Decoded.of(frame));
  }
}
