// The first process of a Linux that is measured: a static program without a C library that uses files on the card and
// sockets, on the loopback interface and over the wire to peer.cc. The laboratory counts the instructions of its system
// calls from outside. It reads from this program which operation, and which repetition, a call belongs to; other calls
// are not counted.
#include "calls.h"

// Numbers as in org.curios.lab.measure.Operation.
enum Operation : u32 { NONE, READ, WRITE, OPEN_CLOSE, CREATE_UNLINK, STAT, FSYNC, UDP, TCP, TCP_BULK, HTTP,
                       UDP_WIRE, TCP_WIRE, BULK_WIRE, HTTP_WIRE };

extern "C" {
volatile u32 measured_operation = NONE;
}

constexpr u32 REPETITIONS = 20, BULKS = 3, BLOCK = 4096, QUARTER = 1 << 18, HOST = 2, PEER = 1;
constexpr long RDWR = 2, CREATE = 0100 | 0200 | 1;  // CREATE: O_CREAT | O_EXCL | O_WRONLY
constexpr i32 EXISTS = -17;
constexpr char REQUEST[] = "GET /bytes/1024 HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n";
constexpr char REQUEST_OF_QUARTER[] = "GET /bytes/262144 HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n";

// The driver may detect the card after this program has started.
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
  must("send", call(SEND, from, address(data), 1, 0));
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

// Gets a page of 1 KB from a server in this process.
static void page_over_loopback(i32 listener, u32 repetition) {
  constexpr u32 PAGE = 1024;
  measured_operation = HTTP | repetition << 8;
  i32 client = must("socket", call(SOCKET, INTERNET, STREAM, 0));
  connect(client, listener);
  must("request", call(SEND, client, address(REQUEST), sizeof REQUEST - 1, 0));
  i32 server = must("accept", call(ACCEPT, listener, 0, 0));
  must("request", call(RECEIVE, server, address(data), BLOCK, 0));
  must("head", call(SEND, server, address(HEAD), sizeof HEAD - 1, 0));
  must("page", call(SEND, server, address(data), PAGE, 0));
  call(CLOSE, server);
  while (must("receive", call(RECEIVE, client, address(data), BLOCK, 0)) > 0) {
  }
  call(CLOSE, client);
  measured_operation = NONE;
}

static void loopback() {
  interface_up("lo", 0);
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
  measured_operation = TCP_BULK;  // a quarter of a MB
  for (u32 i = 0; i < QUARTER / BLOCK; i++) {
    must("send", call(SEND, client, address(data), BLOCK, 0));
    for (u32 got = 0; got < BLOCK;) got += must("receive", call(RECEIVE, server, address(data), BLOCK, 0));
  }
  measured_operation = NONE;
  for (u32 i = 0; i < REPETITIONS; i++) page_over_loopback(listener, i);
}

static i32 connect_to_peer(long type, u16 port) {
  i32 socket = must("socket", call(SOCKET, INTERNET, type, 0));
  Address name;
  name.port = big(port);
  name.host = LAN | PEER << HOST_SHIFT;
  must("connect to the peer", call(CONNECT, socket, address(&name), sizeof name));
  return socket;
}

// The peer boots at the same time: early messages are lost.
static void await_peer(i32 socket) {
  for (u32 i = 0; i < 1000; i++) {
    call(SEND, socket, address(data), 1, 0);
    sleep_ms(20);
    if (call(RECEIVE, socket, address(data), 1, DONT_WAIT) == 1) {
      sleep_ms(20);
      while (call(RECEIVE, socket, address(data), 1, DONT_WAIT) == 1) {
      }
      return;
    }
  }
  must("answer of the peer", -1);
}

static void echoes(Operation operation, i32 socket) {
  for (u32 i = 0; i < REPETITIONS; i++) {
    measured_operation = operation | i << 8;
    must("send", call(SEND, socket, address(data), 1, 0));
    i32 got = must("receive", call(RECEIVE, socket, address(data), 1, 0));
    measured_operation = NONE;
    must("length of an echo", got - 1);
  }
}

// Gets a complete page; the number of bytes received, with the head.
template <u32 LENGTH>
static u32 get(i32 socket, const char (&request)[LENGTH]) {
  must("request", call(SEND, socket, address(request), LENGTH - 1, 0));
  u32 bytes = 0;
  for (i32 got = 1; got > 0; bytes += static_cast<u32>(got)) {
    got = must("receive", call(RECEIVE, socket, address(data), BLOCK, 0));
  }
  return bytes;
}

static void wire() {
  interface_up("eth0", HOST);
  i32 datagrams = connect_to_peer(DATAGRAM, ECHO_PORT);
  await_peer(datagrams);
  echoes(UDP_WIRE, datagrams);
  i32 stream = connect_to_peer(STREAM, ECHO_PORT);
  echoes(TCP_WIRE, stream);
  call(CLOSE, stream);
  for (u32 i = 0; i < BULKS; i++) {
    i32 socket = connect_to_peer(STREAM, HTTP_PORT);
    measured_operation = BULK_WIRE | i << 8;
    u32 bytes = get(socket, REQUEST_OF_QUARTER);
    measured_operation = NONE;
    must("bytes of a quarter of a megabyte", bytes > QUARTER ? 0 : -1);
    call(CLOSE, socket);
  }
  for (u32 i = 0; i < REPETITIONS; i++) {
    measured_operation = HTTP_WIRE | i << 8;
    i32 socket = connect_to_peer(STREAM, HTTP_PORT);
    u32 bytes = get(socket, REQUEST);
    call(CLOSE, socket);
    measured_operation = NONE;
    must("bytes of a kilobyte", bytes > 1024 ? 0 : -1);
  }
}

int main() {
  loopback();
  wire();
  files();
  put("MEASURED\n");
  return 0;
}
