// The clients for measuring services from outside. `svcmet0` marks in its records which operation on files or sockets,
// and which repetition of it, its next calls belong to. programs/linux/services.cc is its counterpart on Linux.
// `opener0` opens more and more files, then connections, and marks how many there are before a request: in this one the
// laboratory crashes the service.
#include <curios/introspect.h>

#include "files.h"
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 QUARTER = 1u << 18, HTTP_PORT = 80;  // of a MB
constexpr i32 KILOBYTE = 1024;
constexpr u32 METER = 78, WARM = 20, REPETITIONS = 20, BLOCK = 4096, PORT = 9100;

// Numbers as in org.curios.lab.measure.Operation.
enum Operation : u32 { NONE, READ, WRITE, OPEN_CLOSE, CREATE_UNLINK, STAT, FSYNC, UDP, TCP, TCP_BULK, HTTP, UDP_WIRE, TCP_WIRE, BULK_WIRE, HTTP_WIRE };

// Likewise, as in org.curios.lab.measure.OpenCosts: the request is one of a service with this many open files or sockets.
enum OpenMark : u32 { OPEN_FILES = 16, OPEN_SOCKETS };
constexpr u32 MOST_FILES = 30, MOST_SOCKETS = 20, OPEN_STEP = 10;

// Values for the method of a record: OPERATION_MARK plus an operation, which starts then; plus MARKED_END at the end of the run.
constexpr u32 OPERATION_MARK = 0xe0, MARKED_END = 0x1e;
WORD_TABLE = {CONSTANT(OPERATION_MARK) CONSTANT(MARKED_END) CONSTANT(OPEN_FILES) CONSTANT(OPEN_SOCKETS)};

constexpr u32 TRIES = 200, PAUSE_MS = 20, ECHO_PORT = 7;

struct Meter {
  u32 peer = 0;
  Report report{"svcmet", 0};
  u8 *bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + ((sizeof(Records) + BLOCK - 1) & ~(BLOCK - 1)));
  Handle memory = grant(bytes, BLOCK, true);

  // The first repetitions only warm up the kernel and the services.
  void mark(u32 operation, u32 repetition = WARM) {
    if (repetition < WARM) operation = NONE;
    report.record(NET_ID, OPERATION_MARK + operation, static_cast<i32>(repetition - WARM));
  }

  // Marks the next request if it is one with a number of open files or sockets that is measured.
  void mark_open(u32 what, u32 open) {
    bool measured = open <= 2 || open % OPEN_STEP == 0;
    mark(measured ? what : static_cast<u32>(NONE), WARM + open);
  }

  // Prints an error; false if there was one.
  bool must(const char *what, i32 result) {
    if (result >= 0) return true;
    report.expect(what, OK, result, 0);
    return false;
  }

  bool files() {
    constexpr const char *PATH = "/a/b/file", *FRESH = "/a/b/fresh";
    char room[PATHS_ROOM];
    Files files;
    File file;
    if (!must("file service", files.begin(room))) return false;
    files.mkdir("/a");
    files.mkdir("/a/b");
    if (!must("open", file.open(files, PATH, OPEN_READ | OPEN_WRITE | OPEN_CREATE))) return false;
    if (!must("write", file.write(memory, BLOCK))) return false;
    bool good = true;
    for (u32 i = 0; i < WARM + REPETITIONS && good; i++) {
      file.seek(0);
      mark(READ, i);
      i32 got = file.read(memory, BLOCK);
      mark(NONE);
      file.seek(0);
      mark(WRITE, i);
      i32 put = file.write(memory, BLOCK);
      mark(FSYNC, i);
      i32 synced = file.sync();
      mark(OPEN_CLOSE, i);
      File again;
      i32 opened = again.open(files, PATH, OPEN_READ);
      again.close();
      mark(CREATE_UNLINK, i);
      File fresh;
      i32 created = fresh.open(files, FRESH, OPEN_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE);
      fresh.close();
      i32 removed = files.remove(FRESH);
      mark(STAT, i);
      FileStatus status;
      i32 looked = files.stat(PATH, status);
      mark(NONE);
      good = must("read", got == BLOCK ? OK : got) && must("write", put == BLOCK ? OK : put) && must("fsync", synced) &&
             must("open", opened) && must("create", created) && must("unlink", removed) && must("stat", looked);
    }
    file.close();
    return good;
  }

  void send(const Socket &from, const Socket &to, u32 bytes) {
    from.send(memory, bytes);
    to.receive(memory, BLOCK);
  }

  void trips(u32 operation, const Socket &one, const Socket &other, u32 bytes) {
    for (u32 i = 0; i < WARM + REPETITIONS; i++) {
      mark(operation, i);
      send(one, other, bytes);
      send(other, one, bytes);
      mark(NONE);
    }
  }

  bool network() {
    Socket one, other, listener, client, server;
    if (!must("UDP", one.open(SocketKind::UDP, PORT)) || !must("UDP", other.open(SocketKind::UDP, PORT + 1))) return false;
    one.connect(LOOPBACK, PORT + 1);
    other.connect(LOOPBACK, PORT);
    reinterpret_cast<Endpoint *>(bytes)->address = 0;  // the connected peer
    trips(UDP, one, other, sizeof(Endpoint) + 1);
    if (!must("TCP", listener.open(SocketKind::TCP, PORT)) || !must("listen", listener.listen(1))) return false;
    if (!must("TCP", client.open(SocketKind::TCP))) return false;
    client.connect(LOOPBACK, PORT, DONT_WAIT);
    if (!must("accept", server.accept(listener))) return false;
    client.option(OPTION_NO_DELAY, 1);
    server.option(OPTION_NO_DELAY, 1);
    trips(TCP, client, server, 1);
    return bulk(client, server) && http() && wire();
  }

  // Retries until the other machine listens.
  bool reach(Socket &socket, u32 port) {
    for (u32 i = 0; i < TRIES; i++) {
      if (socket.open(SocketKind::TCP) > 0 && socket.connect(peer, port) == OK) return true;
      socket.end();
      wait(0, PAUSE_MS);
    }
    return must("connect to the other machine", NOT_CONNECTED);
  }

  // A request on its own connection; returns the bytes received, with the head.
  i32 get(Socket &socket, const char *request) {
    u32 length = 0;
    for (; request[length] != 0; length++) bytes[length] = static_cast<u8>(request[length]);
    i32 got = 0, n = socket.send(memory, length);
    while (n > 0 && (n = socket.receive(memory, BLOCK)) > 0) got += n;
    socket.end();
    return n < 0 ? n : got;
  }

  // To the gateway, which echoes on port 7 and serves HTTP.
  bool wire() {
    NetStatus status{};
    net_status(status);
    peer = status.gateway;
    if (peer == 0) return true;
    Socket stream, datagrams, page;
    if (!reach(stream, ECHO_PORT)) return false;
    stream.option(OPTION_NO_DELAY, 1);
    if (!must("UDP", datagrams.open(SocketKind::UDP, PORT + 2))) return false;
    datagrams.connect(peer, ECHO_PORT);
    for (u32 i = 0; i < WARM + REPETITIONS; i++) {
      reinterpret_cast<Endpoint *>(bytes)->address = 0;
      mark(UDP_WIRE, i);
      send(datagrams, datagrams, sizeof(Endpoint) + 1);
      mark(TCP_WIRE, i);
      send(stream, stream, 1);
      mark(NONE);
    }
    stream.end();
    if (!reach(page, HTTP_PORT)) return false;
    mark(BULK_WIRE);
    i32 got = get(page, "GET /bytes/262144 HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n");
    mark(NONE);
    if (!must("bulk", got > static_cast<i32>(QUARTER) ? OK : NOT_CONNECTED)) return false;
    for (u32 i = 0; i < WARM + REPETITIONS && got > KILOBYTE; i++) {
      mark(HTTP_WIRE, i);
      page.open(SocketKind::TCP);
      got = page.connect(peer, HTTP_PORT);
      if (got == OK) got = get(page, "GET /bytes/1024 HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n");
      mark(NONE);
    }
    return must("a KB", got > KILOBYTE ? OK : NOT_CONNECTED);
  }

  bool bulk(const Socket &from, const Socket &to) {
    u32 got = 0;
    mark(TCP_BULK);
    while (got < QUARTER) {
      i32 sent = from.send(memory, BLOCK, DONT_WAIT), n = to.receive(memory, BLOCK);
      if (sent < 0 || n <= 0) break;
      got += static_cast<u32>(n);
    }
    mark(NONE);
    return must("bulk", got >= QUARTER ? static_cast<i32>(OK) : static_cast<i32>(IO_ERROR));
  }

  // Uses a persistent connection.
  bool http() {
    constexpr char REQUEST[] = "GET /bytes/1024 HTTP/1.1\r\nHost: curios\r\n\r\n";
    Socket server;
    if (!must("HTTP", server.open(SocketKind::TCP)) || !must("connect", server.connect(LOOPBACK, HTTP_PORT))) return false;
    for (u32 i = 0; i < WARM + REPETITIONS; i++) {
      for (u32 k = 0; k < sizeof REQUEST; k++) bytes[k] = static_cast<u8>(REQUEST[k]);
      mark(HTTP, i);
      server.send(memory, sizeof REQUEST - 1);
      i32 got = 0, n = 1;
      while (got < KILOBYTE && (n = server.receive(memory, BLOCK)) > 0) got += n;
      mark(NONE);
      if (!must("HTTP", n)) return false;
    }
    return true;
  }
};

bool open_files(Meter &meter) {
  char room[PATHS_ROOM];
  Files files;
  File all[MOST_FILES];
  if (!meter.must("file service", files.begin(room))) return false;
  for (u32 n = 0; n < MOST_FILES; n++) {
    char path[] = {'/', 'o', 'p', 'e', 'n', static_cast<char>('A' + n), 0};
    if (!meter.must("open", all[n].open(files, path, OPEN_READ | OPEN_WRITE | OPEN_CREATE))) return false;
    meter.mark_open(OPEN_FILES, n + 1);
    i32 result = all[n].seek(0);
    meter.mark(NONE);
    if (!meter.must("seek", result)) return false;
  }
  return true;
}

bool open_sockets(Meter &meter) {
  Socket listener, all[MOST_SOCKETS];
  if (!meter.must("TCP", listener.open(SocketKind::TCP, PORT)) || !meter.must("listen", listener.listen(1))) return false;
  for (u32 n = 0; n < MOST_SOCKETS; n += 2) {
    if (!meter.must("TCP", all[n].open(SocketKind::TCP))) return false;
    all[n].connect(LOOPBACK, PORT, DONT_WAIT);
    if (!meter.must("accept", all[n + 1].accept(listener))) return false;
    meter.mark_open(OPEN_SOCKETS, n + 2);
    i32 result = all[n].option(OPTION_NO_DELAY, 1);
    meter.mark(NONE);
    if (!meter.must("option", result)) return false;
  }
  return true;
}

void end(Meter &meter, bool good) {
  meter.mark(MARKED_END);
  meter.report.end(good ? 0 : 1);
}

void run(u32) {
  Meter meter;
  end(meter, meter.files() && meter.network());
}

void run_open(u32) {
  Meter meter;
  end(meter, open_files(meter) && open_sockets(meter));
}

CLIENT(svcmet0, "svcmet0", METER, run)
CLIENT(opener0, "opener0", METER + 1, run_open)

}  // namespace
}  // namespace curios
