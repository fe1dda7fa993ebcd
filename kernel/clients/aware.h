// Clients that handle the failures of servers themselves: policy `aware`. A service restarts with empty states. A request
// that the crash interrupted, and each request with a state from before, gets an error. A client that wants to go on
// has to remember what it has in each service, connect again, bring it back, and repeat the request. The clients of
// trials do so through the classes below, under this policy only; under the others their requests are direct.
#pragma once
#include <curios/files.h>
#include <curios/net.h>

#include "client.h"

namespace curios::aware {

inline bool is_policy() { return inspect(Inspect::POLICY, self()) == static_cast<i32>(Policy::AWARE); }

// The service has restarted since the client connected (LOST), or during a request without a state (FAULTED).
inline bool has_restarted(i32 result) { return result == LOST || result == FAULTED; }

// The results of a request.
struct Answer {
  i32 value;
  u32 more;
};

inline Answer made(Handle h, u32 method, u32 a, u32 b, u32 c = 0) {
  auto r = call2(h, method, a, b, c);
  return {r.value, r.more};
}

constexpr u32 TRIES = 8;  // of a request, and of bringing back what was lost

// Memory that a client has granted: requests name it by its handle.
struct Granted {
  Handle handle = 0;
  char *at = nullptr;
};

// Names and the console. A text is written again from its start: part of it may appear twice. Input that the console
// had not passed on is lost.
Handle find(const char *service);
i32 write(Handle console, Handle memory, u32 bytes);
i32 read(Handle console, Handle memory, u32 room);
constexpr Careful CAREFUL = {find, write};

// What a client has in store, counter, timer and sched. All zero is nothing.
class Words {
 public:
  Answer ask(u32 service, Handle h, u32 method, u32 a, u32 b);

 private:
  // counter shows too little of its state to copy it: the changes are made again.
  static constexpr u32 MOST_PAIRS = 28, MOST_CHANGES = 64;

  bool bring_back(u32 service, Handle h) const;
  void note(u32 service, u32 method, u32 a, u32 b);
  void put(u32 key, u32 value);
  void remove(u32 key);

  struct {
    u32 key, value;
  } pairs_[MOST_PAIRS];
  u32 pair_count_;
  struct {
    u16 method, argument;
  } changes_[MOST_CHANGES];
  u32 change_count_;
  u64 due_;          // of the timer, in microseconds since boot; 0: not running
  u32 period_;       // in milliseconds
  u32 priority_;     // 0: never set
};

// The changes that a client has made since the files were last written to the card, with all data, and its open files. A
// rename between two writes: made again, it would fail or replace something. All zero is a client without files.
class FilesLog {
 public:
  // From here on the service's handle has a session, so that each of its requests tells of a restart.
  i32 begin(Handle service, Granted paths, Granted content);
  Answer ask(Handle h, u32 method, u32 a, u32 b, u32 c);

 private:
  static constexpr u32 ROOM = 0x4000, MOST_OPEN = 4, LIST_ROOM = 2048;  // as much of a directory as the client reads

  struct Change {
    u16 method, file;
    u32 argument;    // position, size, or the request's last argument
    u32 bytes;       // of the path or the data, which follow
    char *data() { return reinterpret_cast<char *>(this + 1); }
    Change *next() { return reinterpret_cast<Change *>(data() + (bytes + 3 & ~3u)); }
  };
  struct Open {
    Handle handle;
    u32 file;        // number in the log; 0: this place is free
    u32 position;
    u32 lists;       // of a directory: how often it was read
  };

  Change *first() { return reinterpret_cast<Change *>(log_); }
  Change *end() { return reinterpret_cast<Change *>(log_ + used_); }
  Open *find(Handle h);
  Open *free_place() { return find(0); }
  bool is_any_open() const;
  bool prepare(const Open *o, u32 method, u32 a, u32 b, u32 c);
  void note(Open *o, Handle h, u32 method, const Answer &r);
  Answer persist(Handle h, u32 method, u32 a, u32 b, u32 c);
  void write_all();
  bool bring_back(Handle h);
  bool replay();
  bool move_on(const Open &o);

  Handle service_;
  Granted paths_, content_;
  u32 files_;        // opened since the log began
  u32 used_;         // bytes of the log
  u32 is_torn_;      // a change did not fit: nothing can be brought back
  Open open_[MOST_OPEN];
  alignas(4) char list_[LIST_ROOM];
  alignas(4) char log_[ROOM];
};

// A client's sockets, and the last message that one of them has sent to another one and that was not yet received. A
// connection with another machine is lost. All zero is a client without sockets.
class Sockets {
 public:
  void begin(Granted data) { data_ = data; }
  Answer ask(Handle h, u32 method, u32 a, u32 b, u32 c);

 private:
  static constexpr u32 MOST = 8, MOST_BYTES = 2048;

  struct One {
    Handle handle;       // 0: this place is free
    u32 id;              // as the service has it; the client has the place's number, from 1
    SocketKind kind;
    bool listens, connects, is_accepted, has_no_delay, is_shut;
    bool peer_is_done;   // the other end, in this client, sends no more
    bool is_alone;       // it cannot be connected again, since its other end is closed
    u16 port, backlog;
    u32 address, remote_port;
    One *peer;           // the other end, in this client
  };

  One *find(Handle h);
  One *at_port(SocketKind kind, u32 port);
  void note(One *s, Handle h, u32 method, u32 a, u32 b, i32 result);
  void note_sent(One *s, u32 memory, u32 bytes);
  void note_done(One *s);
  bool bring_back(Handle h);
  i32 open_again(One &s);
  i32 connect_again(One &s);
  i32 send_again() const;

  Granted data_;
  One sockets_[MOST];
  One *from_, *to_;      // of the message in transit; or null
  u32 bytes_, taken_;    // of it
  u8 message_[MOST_BYTES];
};

// Requests of a client through one of these, or directly if there is none.
template <class Layer>
struct Through {
  Layer *layer = nullptr;
  Handle find(const char *service) const { return layer == nullptr ? lookup(service) : aware::find(service); }
  i32 ask(Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) const {
    return layer == nullptr ? call(h, method, a, b, c) : layer->ask(h, method, a, b, c).value;
  }
};

// A layer in the client's heap, after its records and `offset` more bytes; null under other policies.
template <class Layer>
inline Layer *layer(u32 offset = 0) {
  return is_policy() ? reinterpret_cast<Layer *>(section(self()) + HEAP + sizeof(Records) + offset) : nullptr;
}

}  // namespace curios::aware
