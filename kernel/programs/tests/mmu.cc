// Translation and protection: every kind of page, subpage rights, S and R, domains, status and address of each fault,
// FCSE, invalidation of the TLB whole and by entry. ARM DDI 0198, chapter 3; ARM DDI 0100, part B4.
#include "faults.h"
#include "tables.h"

static u32 read(u32 address, u32) { return reg(address); }
static u32 write(u32 address, u32 value) {
  reg(address) = value;
  return 0;
}
static u32 read_byte(u32 address, u32) { return *reinterpret_cast<volatile u8 *>(address); }
static u32 jump(u32 address, u32 value) { return reinterpret_cast<Code *>(address)(value, 0); }

static Tables tables;

static void outcome(u32 vector, u32 address) {
  if (vector == NONE || (vector == SOFTWARE_INTERRUPT)) {
    put(" ok");
  } else if (vector == DATA_ABORT) {
    put(" D");
    put_hex(last.data_status & 0xff);
    if (last.address != address) {
      put('@');
      put_hex(last.address);
    }
  } else {
    put(" P");
    put_hex(last.instruction_status & 0xff);
  }
}

// Privileged read and write, then user read, write and execution.
static void access(const char *what, u32 address) {
  put(what);
  put(':');
  outcome(attempt(read, address, 0), address);
  outcome(attempt(write, address, 0xe12fff1e), address);  // BX LR, so that it can be executed
  outcome(attempt_user(read, address, 0), address);
  outcome(attempt_user(write, address, 0xe12fff1e), address);
  sync_code();
  outcome(attempt_user(jump, address, 0), address);
  put('\n');
}

int main() {
  install_vectors(0);
  for (u32 i = 0; i < 0x100000; i += 4) reg(MEMORY + i) = 0xe12fff1e;
  tables.start();
  put("sections by AP, S and R\n");
  for (u32 sr = 0; sr < 3; sr++) {
    set_control((control() & ~(SYSTEM | ROM)) | sr << 8);
    tables.flush();
    for (u32 rights = 0; rights < 4; rights++) {
      tables.section(WINDOW + (rights << 20), MEMORY, rights, 0);
      tables.flush();
      say("S, R", sr);
      say("AP", rights);
      access("section", WINDOW + (rights << 20) + 0x1234);
    }
  }
  set_control(control() & ~(SYSTEM | ROM));
  tables.flush();

  put("pages\n");
  tables.large(0x41000000, MEMORY + 0x10000, 0xe4, 1);  // subpages with AP 0, 1, 2, 3
  tables.small(0x41020000, MEMORY + 0x20000, 0xe4, 1);
  tables.small(0x41021000, MEMORY + 0x23000, 0x1b, 1);
  tables.tiny(0x42000400, MEMORY + 0x30000, 3, 1);
  tables.tiny(0x42000800, MEMORY + 0x30400, 2, 1);
  tables.tiny(0x42000c00, MEMORY + 0x30800, 1, 1);
  tables.domains(0x5);
  tables.flush();
  for (u32 i = 0; i < 4; i++) access("large page, by subpage", 0x41000000 + i * 0x4000 + 8);
  for (u32 i = 0; i < 4; i++) access("small page, by subpage", 0x41020000 + i * 0x400 + 8);
  for (u32 i = 0; i < 4; i++) access("small page, reversed", 0x41021000 + i * 0x400 + 8);
  for (u32 i = 0; i < 4; i++) access("tiny page", 0x42000000 + i * 0x400 + 8);
  reg(0x42000400) = 0x12345678;
  say("the tiny page's memory", reg(MEMORY + 0x30000));
  access("unmapped section", 0x43000000);
  access("unmapped page", 0x41300000);
  say("page translation fault", (attempt(read, 0x41030000, 0), last.data_status));
  say("section translation fault", (attempt(read, 0x43000010, 0), last.data_status));

  put("domains\n");
  for (u32 mode = 0; mode < 4; mode++) {
    if (mode == 2) continue;  // reserved
    tables.domains(1 | mode << 2);
    access("domain 1, large page with AP 1", 0x41004000);
    access("domain 1, tiny page with AP 1", 0x42000c00);
  }
  tables.section(WINDOW, MEMORY, USER_WRITE, 7);
  tables.flush();
  tables.domains(1 | 0 << 14);
  access("domain 7, no access", WINDOW);
  tables.domains(1 | 1 << 14);
  access("domain 7, client", WINDOW);

  put("the TLB\n");
  reg(MEMORY + 0x50000) = 0x55;
  reg(MEMORY + 0x60000) = 0x66;
  tables.small(0x41050000, MEMORY + 0x50000, 0xff, 0);
  tables.flush();
  tables.domains(0x5);
  say("before", reg(0x41050000));
  tables.small(0x41050000, MEMORY + 0x60000, 0xff, 0);
  tables.flush(0x41050000);
  say("after a change and an invalidation by entry", reg(0x41050000));
  tables.small(0x41050000, MEMORY + 0x50000, 0xff, 0);
  tables.flush();
  say("after a change and an invalidation of all", reg(0x41050000));
  reg(tables.coarse(0x41050000, 1) + 0x50 * 4) = 0;
  tables.flush(0x41050000);
  access("after removal", 0x41050000);

  put("FCSE\n");
  // All code is below 32 MiB: mapped for the processes, too.
  for (u32 process = 2; process < 4; process++)
    for (u32 i = 0; i < 4; i++)
      tables.section((process << 25) + (i << 20), i << 20, USER_WRITE, 0);
  tables.section((2u << 25) + 0xa00000, 0x00400000, USER_WRITE, 0);
  tables.section((3u << 25) + 0xa00000, 0x00500000, USER_WRITE, 0);
  tables.flush();
  reg(0x00400000) = 0x44;
  reg(0x00500000) = 0x55;
  for (u32 process = 2; process < 4; process++) {
    tables.process(process);
    tables.flush();
    sync_code();
    u32 seen = reg(0x00a00000);
    u32 status = attempt(read, 0x00b00000, 0);
    u32 address = last.address;
    tables.process(0);
    tables.flush();
    sync_code();
    say("process", process);
    say("its memory", seen);
    say("a fault", status);
    say("the address has the process in it or not", address & 0xffffff);
  }
  put("high vectors\n");
  tables.small(0xffff0000, MEMORY + 0xf0000, 0x55, 0);
  tables.flush();
  install_vectors(0xffff0000);
  set_control(control() | HIGH_VECTORS);
  for (u32 i = 0; i < 32; i += 4) reg(i) = 0xeafffffe;  // the low vectors are endless loops now
  sync_code();
  access("unmapped", 0x43000000);
  access("byte access to an unmapped page", 0x43000003);
  report("byte", attempt(read_byte, 0x43000003, 0), read_byte);
  put("done\n");
  return 0;
}
