package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.curios.kernel.Images;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.CardFault;
import org.curios.machine.card.CardFaults;
import org.curios.machine.card.Disk;
import org.curios.machine.card.ext2.Ext2Formatter;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A card that takes no writes, that cannot be read, or that is taken out while it is used: the file
 * service says so, keeps its data, and continues when the card does.
 */
class CardTroubleTest {
  private static final long STEP = 200_000;

  /** Ticks by which everything must have come to its end: a virtual minute. */
  private static final long PATIENCE = 12_000_000_000L;

  /** Faults enough that no transfer works until they are cleared. */
  private static final int ALL = 2000;

  /** Places on a card with blocks of 1 KiB, in blocks of the card, bytes or entries. */
  private static final int SUPERBLOCK = 2,
      SIZE_OF_INODE = 88,
      DESCRIPTORS = 4,
      TABLE_OF_GROUP = 8,
      RECORD = 4,
      POINTERS = 40;

  private static final String NO_WRITES = "the card takes no writes at ";
  private static final String NO_READS = "the card cannot be read at ";
  private static final String FINE = "can be written";

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Machine machine;

  private void boot(Disk disk) throws Exception {
    machine =
        new MachineBuilder()
            .jit(false)
            .card(disk)
            .console(new PrintStream(output, true, US_ASCII))
            .build();
    machine.load(Image.parse("curios", Images.curios("policy=ssr-packed run=shell")));
    until("Type help", 0);
  }

  @AfterEach
  void end() {
    assertFalse(output.toString(US_ASCII).contains("given up"));
    machine.close();
  }

  /** Runs until something is printed, and returns all since a place. */
  private String until(String printed, int from) {
    while (!output.toString(US_ASCII).substring(from).contains(printed)) {
      assertTrue(machine.cpu().now() < PATIENCE, () -> printed + " in: " + output);
      machine.run(machine.cpu().now() + STEP);
    }
    return output.toString(US_ASCII).substring(from);
  }

  /** Returns what the guest's shell answers to a command. */
  private String answer(String command) {
    int from = output.size();
    for (byte key : (command + "\nsum\n").getBytes(US_ASCII)) {
      while (!machine.board().uart(0).canReceive()) {
        machine.run(machine.cpu().now() + STEP);
      }
      machine.board().uart(0).receive(key);
    }
    String all = until("sum: 0\n", from);
    return all.substring(command.length() + 1, all.indexOf("sum\n"));
  }

  private void expect(String command, String text) {
    String answer = answer(command);
    assertTrue(answer.contains(text), () -> command + ": " + answer);
  }

  private void fail(boolean write) {
    for (int i = 0; i < ALL; i++) {
      machine.card().slot().faults().plan(CardFault.TIMEOUT, write, CardFaults.ANY_BLOCK);
    }
  }

  private void mend(boolean write) {
    CardFault left;
    do {
      left = machine.card().slot().faults().take(write, CardFaults.ANY_BLOCK);
    } while (left != null);
  }

  @Test
  void aProtectedCardIsRead() throws Exception {
    boot(Disk.writeProtected(EmbeddedCard.base()));
    expect("cat /README", "This is the card");
    answer("echo a > /a");
    expect("df", NO_WRITES);
    expect("echo a > /a", "read-only");
    expect("crash files", "ends in");
    expect("cat /index.html", "<!DOCTYPE html>");
    expect("df", NO_WRITES);
  }

  @Test
  void whatWaitsIsWrittenWhenTheCardTakesItAgain() throws Exception {
    boot(new Disk(EmbeddedCard.base()));
    answer("echo first > /a");
    expect("sync", "");
    expect("df", FINE);
    fail(true);
    answer("echo second > /b");
    expect("sync", "the card has failed");
    expect("df", NO_WRITES);
    expect("echo third > /c", "read-only");
    expect("cat /b", "second");
    expect("crash files", "ends in");
    expect("cat /b", "second");
    mend(true);
    answer("sync");
    expect("df", FINE);
    answer("echo fourth > /b");
    answer("sync");
    expect("df", " 0 pages to be written");
    expect("cat /b", "fourth");
  }

  @Test
  void whatCannotBeReadIsReadLater() throws Exception {
    boot(
        new Disk(
            new Ext2Formatter(4 << 20)
                .file("/large", new byte[100_000])
                .file("/page", "far from the root\n")
                .format()));
    fail(false);
    expect("ls /", "the card has failed");
    mend(false);
    expect("ls /", "page");
    fail(false);
    expect("cat /page", "the card has failed");
    expect("df", NO_READS);
    expect("echo first > /a", "read-only");
    expect("ls /", "page");
    mend(false);
    expect("cat /page", "far from");
    expect("df", FINE);
    expect("echo second > /a", "");
    expect("cat /a", "second");
  }

  /** The inode of the intent record points outside the file system. */
  @Test
  void aCardWithADamagedRecordIsRead() throws Exception {
    Disk disk = new Disk(EmbeddedCard.base());
    boot(disk);
    answer("echo first > /a");
    answer("sync");
    machine.close();
    ByteBuffer groups = ByteBuffer.wrap(disk.read(DESCRIPTORS)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer sizes = ByteBuffer.wrap(disk.read(SUPERBLOCK)).order(ByteOrder.LITTLE_ENDIAN);
    int at = groups.getInt(TABLE_OF_GROUP) * 1024 + RECORD * sizes.getShort(SIZE_OF_INODE);
    byte[] block = disk.read(at / Disk.BLOCK);
    ByteBuffer inode = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    assertTrue(inode.getInt(at % Disk.BLOCK + POINTERS) > 0, "the record exists");
    inode.putInt(at % Disk.BLOCK + POINTERS, -2);
    disk.write(at / Disk.BLOCK, block);
    output.reset();
    boot(disk);
    expect("cat /a", "first");
    expect("df", "read-only");
    expect("echo second > /b", "read-only");
    expect("crash files", "ends in");
    expect("cat /a", "first");
  }

  @Test
  void aCardThatIsTakenOutComesBack() throws Exception {
    boot(new Disk(EmbeddedCard.base()));
    answer("echo first > /a");
    machine.setCardInserted(false);
    expect("sync", "no card");
    expect("cat /a", "no card");
    expect("ls /", "no card");
    machine.setCardInserted(true);
    expect("cat /a", "first");
    answer("sync");
    expect("df", FINE);
    expect("df", " 0 pages to be written");
  }
}
