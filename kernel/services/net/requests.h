// Shared declarations of the files that implement the requests of clients.
#pragma once
#include "net.h"

namespace curios::net {

struct Session {
  Guarded guard;
  u32 socket;    // its number, or 0
  u32 kind;
};

// The socket of a session; null: it has none, or its socket no longer exists.
Control *mine(const Session *s);
Control *mine_changed(const Session *s);   // the same, touched
i32 finish(i32 result);                    // settles the request's changes
i32 error_of(Control &c);                  // the pending error of a socket, reported once
bool can_send(State state);
u32 readable(const Control &c);            // bytes received from the peer, without its FIN
bool at_end(const Control &c);             // no more data will follow
void close_socket(Control &c);             // the client gives it up

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
