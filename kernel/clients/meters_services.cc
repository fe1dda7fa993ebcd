// What operations on files and sockets cost is measured with, from outside: `svcmet0` says by a record which operation its
// next calls belong to, and which repetition of it. The program of Linux that is measured for comparison is
// programs/linux/services.cc.
#include "files.h"
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 METER = 78, REPETITIONS = 20, BLOCK = 4096, PORT = 9100;

// Numbers as in org.curios.lab.measure.Operation.
enum Operation : u32 { NONE, READ, WRITE, OPEN_CLOSE, CREATE_UNLINK, STAT, FSYNC, UDP, TCP };

// In place of a method in a record: an operation begins, or none.
constexpr u32 MARK = 0xe0;

struct Meter {
  Report report{"svcmet", 0};
  u8 *bytes = reinterpret_cast<u8 *>(region(self()) + HEAP + ((sizeof(Records) + BLOCK - 1) & ~(BLOCK - 1)));
  Handle memory = grant(bytes, BLOCK, true);

  void mark(u32 operation, u32 repetition = 0) {
    report.record(NET_ID, MARK + operation, static_cast<i32>(repetition));
  }

  // Says what has failed; false then.
  bool must(const char *what, i32 result) {
    if (result >= 0) return true;
    report.expect(what, OK, result, 0);
    return false;
  }

  bool files() {
    constexpr const char *PATH = "/a/b/file", *FRESH = "/a/b/fresh";
    char room[Files::ROOM];
    Files files;
    File file;
    if (!must("file service", files.begin(room))) return false;
    files.mkdir("/a");
    files.mkdir("/a/b");
    if (!must("open", file.open(files, PATH, OPEN_READ | OPEN_WRITE | OPEN_CREATE))) return false;
    if (!must("write", file.write(memory, BLOCK))) return false;
    bool good = true;
    for (u32 i = 0; i < REPETITIONS && good; i++) {
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
    for (u32 i = 0; i < REPETITIONS; i++) {
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
    reinterpret_cast<Endpoint *>(bytes)->address = 0;  // to whom they are connected
    trips(UDP, one, other, sizeof(Endpoint) + 1);
    if (!must("TCP", listener.open(SocketKind::TCP, PORT)) || !must("listen", listener.listen(1))) return false;
    if (!must("TCP", client.open(SocketKind::TCP))) return false;
    client.connect(LOOPBACK, PORT, DONT_WAIT);
    if (!must("accept", server.accept(listener))) return false;
    client.option(OPTION_NO_DELAY, 1);
    server.option(OPTION_NO_DELAY, 1);
    trips(TCP, client, server, 1);
    return true;
  }
};

void run(u32) {
  Meter meter;
  bool good = meter.files() && meter.network();
  meter.report.end(good ? 0 : 1);
}

CLIENT(svcmet0, "svcmet0", METER, run)

}  // namespace
}  // namespace curios
