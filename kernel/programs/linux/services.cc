// The first process of a Linux that is measured: a static program without a C library that uses files on the card and
// sockets on the loopback interface. The laboratory counts the instructions of its system calls from outside, and reads here
// to which operation they belong, and to which repetition of it; a call that belongs to none is not counted.
#include "guest.h"

// Numbers as in org.curios.lab.measure.Operation.
enum Operation : u32 { NONE, READ, WRITE, OPEN_CLOSE, CREATE_UNLINK, STAT, FSYNC, UDP, TCP, TCP_BULK };

extern "C" {
volatile u32 measured_operation = NONE;
}

constexpr u32 REPETITIONS = 20, BLOCK = 4096, QUARTER = 1 << 18; // of a MB
constexpr long READ_CALL = 3, WRITE_CALL = 4, OPEN = 5, CLOSE = 6, UNLINK = 10, SEEK = 19, MOUNT = 21;
constexpr long MKDIR = 39, IOCTL = 54, CHROOT = 61, REBOOT = 88, FSYNC_CALL = 118, SLEEP = 162, STAT_CALL = 195;
constexpr long SOCKET = 281, BIND = 282, CONNECT = 283, LISTEN = 284, ACCEPT = 285, SOCKET_NAME = 286, SEND = 290;
constexpr long RECEIVE = 292;
constexpr long RDWR = 2, CREATE = 0100 | 0200 | 1; // create, exclusively, to write
constexpr long MAGIC1 = 0xfee1dead, MAGIC2 = 672274793, RESTART = 0x1234567;
constexpr long INTERNET = 2, STREAM = 1, DATAGRAM = 2, SET_FLAGS = 0x8914;
constexpr i32 EXISTS = -17;

// All system calls go through one instruction, linux_svc.
asm(R"(
    .global linux_call
linux_call:
    push {r4, r5, r7, lr}
    mov r7, r0
    mov r0, r1
    mov r1, r2
    mov r2, r3
    ldr r3, [sp, #16]
    ldr r4, [sp, #20]
    mov r5, #0
    .global linux_svc
linux_svc:
    svc #0
    pop {r4, r5, r7, pc}
)");
extern "C" i32 linux_call(long number, long a, long b, long c, long d, long e);

static i32 call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  return linux_call(number, a, b, c, d, e);
}

static long address(const volatile void *p) { return static_cast<long>(reinterpret_cast<size_t>(p)); }

void put(char c) { call(WRITE_CALL, 1, address(&c), 1); }

[[noreturn]] void exit(int) {
  for (;;) call(REBOOT, MAGIC1, MAGIC2, RESTART);
}

// Ends the run with a line that says what has failed.
static i32 must(const char *what, i32 result) {
  if (result < 0) {
    measured_operation = NONE;
    put("FAILED ");
    put(what);
    put(": error ");
    put_dec(static_cast<u32>(-result));
    put('\n');
    exit(1);
  }
  return result;
}

static void sleep_ms(u32 ms) {
  u32 time[2] = {0, ms * 1000000};
  call(SLEEP, address(time), 0);
}

// The driver finds the card while this program runs already.
static void mount_card() {
  must("mount of /dev", call(MOUNT, address("none"), address("/dev"), address("devtmpfs")));
  i32 result = -1;
  for (u32 i = 0; i < 500 && result < 0; i++) {
    result = call(MOUNT, address("/dev/mmcblk0"), address("/mnt"), address("ext2"), 0, 0);
    if (result < 0) sleep_ms(10);
  }
  must("mount of the card", result);
  must("chroot", call(CHROOT, address("/mnt")));
}

static void make_folder(const char *path) {
  i32 result = call(MKDIR, address(path), 0755);
  if (result != EXISTS) must("mkdir", result);
}

alignas(BLOCK) static u8 data[BLOCK];

static void files() {
  mount_card();
  make_folder("/a");
  make_folder("/a/b");
  i32 file = must("open", call(OPEN, address("/a/b/file"), RDWR | 0100, 0644));
  must("write", call(WRITE_CALL, file, address(data), BLOCK));
  u8 status[128];
  for (u32 i = 0; i < REPETITIONS; i++) {
    must("lseek", call(SEEK, file, 0, 0));
    measured_operation = READ | i << 8;
    i32 got = must("read", call(READ_CALL, file, address(data), BLOCK));
    measured_operation = NONE;
    must("length of a read", got == BLOCK ? 0 : -1);
    must("lseek", call(SEEK, file, 0, 0));
    measured_operation = WRITE | i << 8;
    must("write", call(WRITE_CALL, file, address(data), BLOCK));
    measured_operation = FSYNC | i << 8;
    must("fsync", call(FSYNC_CALL, file));
    measured_operation = OPEN_CLOSE | i << 8;
    i32 again = must("open", call(OPEN, address("/a/b/file"), 0));
    must("close", call(CLOSE, again));
    measured_operation = CREATE_UNLINK | i << 8;
    i32 fresh = must("create", call(OPEN, address("/a/b/fresh"), CREATE, 0644));
    must("close", call(CLOSE, fresh));
    must("unlink", call(UNLINK, address("/a/b/fresh")));
    measured_operation = STAT | i << 8;
    must("stat", call(STAT_CALL, address("/a/b/file"), address(status)));
    measured_operation = NONE;
  }
}

struct Address {
  u16 family = INTERNET;
  u16 port = 0;
  u32 host = 0x0100007f; // 127.0.0.1, the highest byte first
  u8 rest[8] = {};
};

static i32 bound(long type) {
  i32 socket = must("socket", call(SOCKET, INTERNET, type, 0));
  Address any;
  must("bind", call(BIND, socket, address(&any), sizeof any));
  return socket;
}

static void connect(i32 from, i32 to) {
  Address name;
  u32 length = sizeof name;
  must("getsockname", call(SOCKET_NAME, to, address(&name), address(&length)));
  must("connect", call(CONNECT, from, address(&name), sizeof name));
}

static void send(i32 from, i32 to) {
  must("send", call(SEND, from, address(data), 1));
  must("receive", call(RECEIVE, to, address(data), 1, 0));
}

static void round_trips(Operation operation, i32 one, i32 other) {
  for (u32 i = 0; i < REPETITIONS; i++) {
    measured_operation = operation | i << 8;
    send(one, other);
    send(other, one);
    measured_operation = NONE;
  }
}

static void network() {
  struct {
    char name[16] = "lo";
    u16 flags = 1; // up
    u8 rest[14] = {};
  } request;
  i32 any = must("socket", call(SOCKET, INTERNET, DATAGRAM, 0));
  must("loopback interface", call(IOCTL, any, SET_FLAGS, address(&request)));
  i32 one = bound(DATAGRAM), other = bound(DATAGRAM);
  connect(one, other);
  connect(other, one);
  round_trips(UDP, one, other);
  i32 listener = bound(STREAM);
  must("listen", call(LISTEN, listener, 1));
  i32 client = must("socket", call(SOCKET, INTERNET, STREAM, 0));
  connect(client, listener);
  i32 server = must("accept", call(ACCEPT, listener, 0, 0));
  round_trips(TCP, client, server);
  measured_operation = TCP_BULK;
  for (u32 i = 0; i < QUARTER / BLOCK; i++) {
    must("send", call(SEND, client, address(data), BLOCK, 0));
    for (u32 got = 0; got < BLOCK;) got += must("receive", call(RECEIVE, server, address(data), BLOCK, 0));
  }
  measured_operation = NONE;
}

int main() {
  network();
  files();
  put("MEASURED\n");
  return 0;
}

extern "C" [[gnu::used]] void _start() { exit(main()); }
