// The requests of clients: what the files that carry them out share.
#pragma once
#include "net.h"

namespace curios::net {

struct Session {
  Guarded guard;
  u32 socket;    // its number, or 0
  u32 kind;
};

// The socket of a session; null: it has none, or what it had is gone.
Control *mine(const Session *s);
Control *mine_changed(const Session *s);   // the same, to be changed
i32 finish(i32 result);                    // settles what the request has done
i32 error_of(Control &c);                  // what went wrong with a socket, told once
bool can_send(State state);
inline u32 readable(const Control &c) {    // bytes that the peer has sent, without its FIN
  if (c.kind != Kind::TCP) return c.received - c.read;
  return c.state < State::ESTABLISHED && c.state != State::CLOSED ? 0 : c.received - c.read - (c.has(ENDED) ? 1 : 0);
}
bool at_end(const Control &c);             // nothing more comes after what has been read
void close_socket(Control &c);             // its client has it no more

// Methods, in the order of NetMethod.
i32 open(Session *s, u32 kind, u32 port);
i32 connect_to(Session *s, u32 address, u32 port, u32 flags);
i32 listen(Session *s, u32 backlog);
i32 accept(Session *s, u32 listener, u32 flags);
i32 send(Session *s, u32 memory, u32 bytes, u32 flags);
i32 receive(Session *s, u32 memory, u32 room, u32 flags);
i32 shutdown(Session *s);
i32 close(Session *s);
i32 poll(Session *s, u32 memory, u32 count, u32 milliseconds);
i32 option(Session *s, u32 what, u32 value);
i32 attach(Session *s, u32 id);
i32 status(Session *s, u32 memory);
i32 names_of(Session *s, u32 memory);

}  // namespace curios::net
