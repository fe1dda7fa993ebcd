package org.curios.tests.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SplittableRandom;
import org.curios.machine.net.Station;

/**
 * A station that adds to each packet between 10.0.0.1 and 10.0.0.2 others that are damaged, forged
 * or too many: copies with changed bits and lengths, pieces of datagrams, requests to connect and
 * ARP requests from everywhere. It never forges segments of a connection that others have.
 */
final class Intruder implements Station {
  private static final int ETHERNET = 14;
  private static final int IP = 20;
  private static final int TCP = 20;
  private static final int MOST = 1514;
  private static final int AT_ONCE = 2;

  private long state;
  private long sent;

  Intruder(long seed) {
    state = seed;
  }

  long sent() {
    return sent;
  }

  @Override
  public void receive(long tick, byte[] frame, Outlet outlet) {
    if (!isBetweenHosts(frame)) {
      return; // an answer to what was forged: it would never end
    }
    SplittableRandom random = new SplittableRandom(state++);
    for (int i = 0; i < AT_ONCE; i++) {
      byte[] forged = forged(random, frame);
      sent++;
      outlet.send(forged);
    }
  }

  private static boolean isBetweenHosts(byte[] f) {
    return f.length >= ETHERNET + IP
        && f[12] == 8
        && f[13] == 0
        && f[ETHERNET + 12] == 10
        && f[ETHERNET + 16] == 10
        && (f[ETHERNET + 15] & 0xff) <= 2
        && (f[ETHERNET + 19] & 0xff) <= 2;
  }

  private static byte[] forged(SplittableRandom random, byte[] seen) {
    return switch (random.nextInt(6)) {
      case 0 -> damaged(random, seen);
      case 1 -> piece(random, seen);
      case 2 -> connects(random, seen);
      case 3 -> asks(random, seen);
      case 4 -> error(random, seen);
      default -> noise(random, seen);
    };
  }

  /**
   * Changes bits and the length, without correcting the checksums, so that no connection accepts
   * the segment.
   */
  private static byte[] damaged(SplittableRandom random, byte[] seen) {
    int length = ETHERNET + random.nextInt(Math.min(MOST, seen.length + 40) - ETHERNET);
    byte[] f = java.util.Arrays.copyOf(seen, length);
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      f[12 + random.nextInt(length - 12)] ^= (byte) (1 << random.nextInt(8));
    }
    return f;
  }

  private static byte[] packet(SplittableRandom random, byte[] seen, int protocol, int bytes) {
    byte[] f = new byte[ETHERNET + IP + bytes];
    System.arraycopy(seen, 0, f, 0, 12);
    f[12] = 8;
    put(f, ETHERNET, 0x4500);
    put(f, ETHERNET + 2, IP + bytes);
    put(f, ETHERNET + 4, random.nextInt(4));
    f[ETHERNET + 8] = 64;
    f[ETHERNET + 9] = (byte) protocol;
    put(f, ETHERNET + 12, 0x0a00);
    put(f, ETHERNET + 14, 100 + random.nextInt(100));
    System.arraycopy(destination(seen), 0, f, ETHERNET + 16, 4);
    for (int i = ETHERNET + IP; i < f.length; i++) {
      f[i] = (byte) random.nextInt(256);
    }
    return f;
  }

  private static byte[] destination(byte[] seen) {
    boolean ip = seen.length >= ETHERNET + IP && seen[12] == 8 && seen[13] == 0;
    return ip
        ? java.util.Arrays.copyOfRange(seen, ETHERNET + 16, ETHERNET + 20)
        : new byte[] {10, 0, 0, 1};
  }

  private static byte[] piece(SplittableRandom random, byte[] seen) {
    byte[] f = packet(random, seen, random.nextBoolean() ? 1 : 17, 8 * (1 + random.nextInt(150)));
    put(f, ETHERNET + 6, (random.nextBoolean() ? 0x2000 : 0) | random.nextInt(600));
    return withHeaderSum(f);
  }

  private static byte[] connects(SplittableRandom random, byte[] seen) {
    byte[] f = packet(random, seen, 6, TCP + 4 * random.nextInt(10));
    put(f, ETHERNET + IP + 2, random.nextInt(3) == 0 ? random.nextInt(65536) : 80);
    f[ETHERNET + IP + 12] = (byte) ((f.length - ETHERNET - IP) / 4 << 4);
    f[ETHERNET + IP + 13] = (byte) (random.nextInt(3) == 0 ? random.nextInt(64) : 2);
    return withTcpSum(withHeaderSum(f));
  }

  private static byte[] asks(SplittableRandom random, byte[] seen) {
    byte[] f = new byte[60];
    System.arraycopy(seen, 0, f, 0, 12);
    put(f, 12, 0x0806);
    put(f, 14, 1);
    put(f, 16, 0x0800);
    put(f, 18, 0x0604);
    put(f, 20, 1 + random.nextInt(2));
    f[22] = 2;
    put(f, 26, random.nextInt(65536));
    System.arraycopy(f, 22, f, 6, 6); // else it is ignored
    put(f, 28, 0x0a00);
    put(f, 30, 100 + random.nextInt(100));
    System.arraycopy(destination(seen), 0, f, 38, 4);
    return f;
  }

  /** An ICMP message, whose type may be that of an error about something never sent. */
  private static byte[] error(SplittableRandom random, byte[] seen) {
    byte[] f = packet(random, seen, 1, 8 + random.nextInt(80));
    f[ETHERNET + IP] = (byte) new int[] {0, 3, 5, 8, 11, 13}[random.nextInt(6)];
    put(f, ETHERNET + IP + 2, 0);
    put(f, ETHERNET + IP + 2, sum(f, ETHERNET + IP, f.length - ETHERNET - IP, 0));
    return withHeaderSum(f);
  }

  private static byte[] noise(SplittableRandom random, byte[] seen) {
    byte[] f = new byte[ETHERNET + random.nextInt(MOST - ETHERNET)];
    random.nextBytes(f);
    System.arraycopy(seen, 0, f, 0, 12);
    if (random.nextBoolean()) {
      put(f, 12, random.nextBoolean() ? 0x0800 : 0x0806);
    }
    return f;
  }

  private static void put(byte[] f, int at, int word) {
    f[at] = (byte) (word >> 8);
    f[at + 1] = (byte) word;
  }

  private static int sum(byte[] f, int at, int bytes, int start) {
    int sum = start;
    for (int i = 0; i < bytes; i++) {
      sum += (f[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }

  private static byte[] withHeaderSum(byte[] f) {
    put(f, ETHERNET + 10, 0);
    put(f, ETHERNET + 10, sum(f, ETHERNET, IP, 0));
    return f;
  }

  private static byte[] withTcpSum(byte[] f) {
    int bytes = f.length - ETHERNET - IP;
    int start = 6 + bytes;
    for (int i = 12; i < 20; i += 2) {
      start += (f[ETHERNET + i] & 0xff) << 8 | f[ETHERNET + i + 1] & 0xff;
    }
    put(f, ETHERNET + IP + 16, 0);
    put(f, ETHERNET + IP + 16, sum(f, ETHERNET + IP, bytes, start));
    return f;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeLong(state);
    out.writeLong(sent);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    state = in.readLong();
    sent = in.readLong();
  }
}
