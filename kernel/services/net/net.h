// Shared declarations of the TCP/IP service: the control block of a socket, transactions, and the interfaces of its
// files.
//
// Everything that must survive a crash is in kept memory: the configuration, a control block for each socket, and its
// two rings. The service works on copies of the control blocks in private memory and records which ones it changes; the
// commit of a request writes them to kept memory, together with the data that it has put into the rings. After a crash
// the copies are made again. Segments are sent after the commit: a peer never sees anything that a crash could undo.
#pragma once
#include <curios/descriptor.h>
#include <curios/net.h>

#include "bytes.h"

namespace curios::net {

constexpr u32 SOCKETS = 32;
constexpr u32 RING = 8192;           // bytes, for each direction of a socket
constexpr u32 MOST_OF_A_CLIENT = 24; // maximum number of sockets of a client
constexpr u32 NOBODY = 0;            // owner of a socket closed by its client

using Kind = SocketKind;
using State = TcpState;
enum ControlFlag : u16 {
  ACK_NOW = 1,
  ACK_SOON = 2,        // with the next segment, or after a delay
  FIN_WANTED = 4,      // send FIN after the queued data
  NO_DELAY = 8,
  RECOVERING = 16,     // fast recovery, RFC 6582
  TIMING = 32,         // measuring a round trip
  ENDED = SOCKET_ENDED,  // the peer has sent FIN
  ACTIVE = 128,        // opened by this end
  PROBE = 256,         // send one segment regardless of the window
  DUPLICATE = 512,     // the next acknowledgement repeats the last one, and must repeat its window: peers count these
};

// A range of bytes received out of order.
struct Range {
  u32 from, to;
};
constexpr u32 RANGES = 4;

// The control block of a socket. Sequence numbers as in RFC 9293: una, nxt, max are SND.UNA, SND.NXT and the highest
// number sent; received is RCV.NXT. Times are in milliseconds; 0: the timer is off.
struct Control {
  Guarded guard;
  u32 id;                // generation << 8 | place; 0: free
  Kind kind;
  State state;
  u8 owner;              // the client's object
  u8 tries;              // retransmissions or probes so far
  u16 flags, mss;
  u32 local, remote;     // addresses; 0: any
  u32 ports;             // local << 16 | remote
  u32 listener;          // the listening socket whose backlog holds it
  i32 error;             // not yet reported to the client
  u32 iss, una, nxt, max, queued;
  u32 window, window_seq, window_ack, largest_window;
  u32 cwnd, ssthresh, recover, credit;
  u32 irs, received, read, edge;
  Range early[RANGES];
  u32 due, ack_due, idle_due;
  u32 srtt, rttvar, rto, timed_seq, timed_at;
  u32 keep_alive;        // ticks of silence before a probe
  u8 backlog, dups, spare[2];

  template <class T, class V>
  void to(T &field, V value) {
    guard.set(field, static_cast<T>(value));
  }
  void set(u32 flag) { to(flags, flags | flag); }
  void clear(u32 flag) { to(flags, flags & ~flag); }
  bool has(u32 flag) const { return (flags & flag) != 0; }
  u32 local_port() const { return ports >> 16; }
  u32 remote_port() const { return ports & 0xffff; }
};
static_assert(sizeof(Control) <= 192);

// The address of this machine, and the state of DHCP.
enum class Lease : u32 { NONE, FIXED, DISCOVER, REQUEST, BOUND, RENEW, REBIND, ABSENT };   // ABSENT: no address was given
struct Host {
  Guarded guard;
  u32 address, mask, gateway, name_server;
  Lease lease;
  u32 transaction, server, offered;
  u32 due;               // the next step of DHCP
  u32 wait, tries;
  u32 renew_at, rebind_at, ends_at;
  u32 generations;       // counter for socket numbers
  u32 ports;             // counter for ephemeral ports

  template <class T, class V>
  void to(T &field, V value) {
    guard.set(field, static_cast<T>(value));
  }
};

// The start of kept memory. The rings follow; a socket's send ring comes first.
struct Kept {
  Host host;
  u32 neighbours[128];
  Control controls[SOCKETS];
};
constexpr u32 KEPT_HOST = offsetof(Kept, host);
constexpr u32 KEPT_NEIGHBOURS = offsetof(Kept, neighbours);
constexpr u32 KEPT_CONTROLS = offsetof(Kept, controls);
constexpr u32 KEPT_RINGS = 8192;
static_assert(sizeof(Kept) <= KEPT_RINGS);
constexpr u32 KEPT_BYTES = KEPT_RINGS + SOCKETS * 2 * RING;

// A segment to be sent, to the wire or to this machine itself.
enum TcpFlag : u32 { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
constexpr u8 NO_SOCKET = 0xff;
struct Segment {
  u32 source, destination;
  u32 ports;             // the receiver's port << 16 | the sender's
  u32 seq, ack, window;
  u16 bytes, mss;        // mss: from its option, 0 for none
  u8 flags;
  u8 from;               // the socket whose ring holds the data
  const u8 *data;
};

// transaction.cc
extern Control controls[SOCKETS];
extern Host host;
u32 now();                               // in ticks; constant during a transaction
inline u32 place_of(const Control &c) { return static_cast<u32>(&c - controls); }
void begin();                            // starts a request
void touch(Control &c);                  // call before changing a block
void touch_host();
// Writes to a ring at an offset; `from` must not change until the commit.
void ring_put(u32 ring, u32 at, const u8 *from, u32 bytes);
i32 ring_put_from(u32 ring, u32 at, Handle memory, u32 offset, u32 bytes);
inline u32 send_ring(const Control &c) { return place_of(c) * 2; }
inline u32 receive_ring(const Control &c) { return place_of(c) * 2 + 1; }
const u8 *ring_data(u32 ring, u32 at);
u32 ring_run(u32 at);                    // bytes from there to the end of the ring
bool emit(const Segment &s);             // false: the queue is full; settle() calls tcp_output again
void settle();                           // prepares the request's changes for the commit; if there are segments, commits and
                                         // sends them
void commit_request();                   // settles and commits; a new transaction starts
void restore();                          // restores the copies from kept memory
constexpr u32 STAGED = 4096;
u8 *staging();                           // buffer of STAGED bytes for data that a request sends
void staged(const Control &c, u32 seq);  // the buffer holds that socket's data from `seq` on, until the commit
bool is_staged(const Control &c);
u32 staged_from();
inline bool is_over(u32 due) { return due != 0 && static_cast<i32>(now() - due) >= 0; }
// Of a number of milliseconds: periodic work does not depend on when it began.
inline u32 next_multiple(u32 of) { return now() - now() % of + of; }
// For long times, of which many end together: a multiple of 64 milliseconds.
inline u32 roughly_after(u32 time) { return (now() + time + 63) / 64 * 64; }
inline u32 after(u32 time) { return now() + time == 0 ? 1 : now() + time; }

// sockets.cc
extern u32 used_sockets;                     // one more than the highest place in use
Control *socket_new(Kind kind, u32 owner);   // touched; null: none is free
void socket_free(Control &c);
Control *socket_of(u32 id);                  // null: no such socket
void socket_wakes(const Control &c);         // wakes the threads that wait for it
void socket_fails(Control &c, i32 error);
bool port_in_use(Kind kind, u32 port);
u32 port_free(Kind kind);
i32 wait_for_socket(const Control &c);       // for a limited time; TIMED_OUT when the caller's limit has passed
i32 wait_for_any(u32 milliseconds);          // for any socket of the caller
void timer_runs();                           // a timer runs: wakes the service's thread if it sleeps for long
u32 timers_nap();                            // how long the service's thread may sleep
constexpr u32 TIMER_KEY = 1;

// tcp_input.cc, tcp_output.cc, tcp_timer.cc
inline bool before(u32 a, u32 b) { return static_cast<i32>(a - b) < 0; }
void tcp_packet(u32 source, u32 destination, const u8 *packet, u32 bytes);
void tcp_input(Segment &s);
void tcp_unreachable(u32 remote, u32 local, u32 ports, u32 seq, u32 code, u32 mtu);
void tcp_open(Control &c);                   // sends the SYN
void tcp_start(Control &c, u32 mss);         // starts congestion control
void tcp_output(Control &c);
void tcp_retransmit(Control &c);             // retransmits the first unacknowledged segment
void tcp_send_syn(Control &c);
void tcp_reset(Control &c);                  // sends a reset to the peer
void tcp_ends(Control &c, i32 error);        // ends the connection
bool tcp_timers(Control &c);             // true: one has expired
void tcp_measured(Control &c);
void tcp_time_wait(Control &c);
void tcp_build(const Segment &s);            // builds a segment and sends it on the wire
bool tcp_is_possible(const Control &c);
u32 tcp_window(Control &c);                  // to announce to the peer (RFC 9293, 3.8.6.2.2)
constexpr u32 LOCAL_RTO = 100;               // ticks, for segments to this machine itself
u32 mss_for(u32 address);
void resume_connections();                   // after a restart

// secret.cc
void secret_init();
u32 secret_number(u32 a, u32 b, u32 c, u32 d);   // unpredictable without the seed

// ether.cc, arp.cc
constexpr u32 TYPE_IP = 0x0800, TYPE_ARP = 0x0806;
extern u8 hardware[8];                       // 6 bytes
extern u32 frames_in, frames_out, dropped;
extern u32 frame_buffer[FRAME_ROOM / 4];
void ether_init();
bool ether_present();
void ether_send(u8 *frame, const u8 *to, u32 type, u32 bytes);  // `bytes`: after the header
void ether_frames();                         // handles the frames that the driver has received
void arp_input(const u8 *packet, u32 bytes, const u8 *source);
void arp_send(u8 *frame, u32 bytes, u32 next);   // sends a packet, with room for headers, to a neighbour
void arp_restore();
void arp_timers();
void arp_announce();

// ip.cc
constexpr u32 ICMP = 1, TCP = 6, UDP = 17;
constexpr u32 BROADCAST = 0xffffffff;
constexpr u32 HEADERS = 2 + 14 + 20;         // room for the byte count, Ethernet and IP headers
constexpr u32 MTU = 1500;
constexpr u32 DATAGRAM_MOST = 4096;          // maximum payload of an IP datagram, sent or received
bool is_local(u32 address);
bool is_broadcast(u32 address);
u32 source_for(u32 destination);             // 0: no route
extern u32 ip_frame[(DATAGRAM_MOST + HEADERS + 3) / 4];   // what ip_send sends, with room for headers
u8 *ip_payload();                            // buffer for its payload
void ip_send(u32 source, u32 destination, u32 protocol, u32 bytes);
void ip_input(u8 *packet, u32 bytes, bool broadcast);
// `packet` is null for a reassembled datagram.
void ip_packet(u32 source, u32 destination, u32 protocol, u8 *data, u32 bytes, u32 ttl, const u8 *packet, bool broadcast);
void ip_timers();

// udp.cc, icmp.cc
constexpr u32 ICMP_PROTOCOL = 2, ICMP_PORT = 3;
constexpr u32 UDP_HEADER = 8;
constexpr u32 DATA_MOST = DATAGRAM_MOST - UDP_HEADER;   // maximum data of a UDP datagram or an echo
// Delivers a datagram to its socket; overwrites the 8 bytes before the data.
void deliver(Control &c, u32 address, u32 port, u8 *data, u32 bytes);
i32 udp_send(const Control &c, u32 address, u32 port, u8 *data, u32 bytes);
void udp_output(u32 source, u32 destination, u32 ports, u32 bytes);   // `bytes`: of data at ip_payload() + UDP_HEADER
void udp_input(u32 source, u32 destination, u8 *data, u32 bytes, const u8 *packet, bool broadcast);
i32 echo_send(const Control &c, u32 address, u32 number, u8 *data, u32 bytes);
void icmp_input(u32 source, u32 destination, u8 *data, u32 bytes, u32 ttl, bool broadcast);
void icmp_unreachable(u32 source, const u8 *packet, u32 code);

// dhcp.cc
constexpr u32 DHCP_CLIENT = 68;
void dhcp_init();
void dhcp_input(const u8 *data, u32 bytes);
void dhcp_timers();
u32 lease_left();                            // seconds

}  // namespace curios::net
