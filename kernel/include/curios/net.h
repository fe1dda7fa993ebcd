// The interfaces of the service `net` (sockets) and of the driver `ether` (frames). A socket is a session: look up
// `net` and connect once for each socket. Addresses and ports are numbers: 10.0.2.15 is 0x0a00020f.
#pragma once
#include "services.h"

namespace curios {

enum NetMethod : u32 {
  NET_OPEN,        // SocketKind, local port or 0: creates the socket; its number
  NET_CONNECT,     // address, port, flags. TCP: waits until the connection is established. UDP: sets the peer
  NET_LISTEN,      // backlog
  NET_ACCEPT,      // number of a listening socket of the same client, flags: this session's socket becomes the connection
  NET_SEND,        // memory handle, bytes, flags: bytes accepted; all of them, unless DONT_WAIT
  NET_RECEIVE,     // memory handle, room, flags: bytes received; 0 at the end of the stream
  NET_SHUTDOWN,    // ends sending
  NET_CLOSE,       // queued data is still sent
  NET_POLL,        // memory handle of Poll[], count, milliseconds or FOREVER: how many are ready
  NET_OPTION,      // SocketOption, value
  NET_ATTACH,      // number of a socket of the same client: moves it to this session
  NET_STATUS,      // memory handle: NetStatus
  NET_NAME,        // memory handle: SocketName
  NET_NOTIFY,      // the driver has frames
};

constexpr u32 SOCKET_ENDED = 64;  // flag of a socket: the peer has sent FIN

// Flags of NET_CONNECT, NET_ACCEPT, NET_SEND and NET_RECEIVE.
enum SocketFlag : u32 { DONT_WAIT = 1, PEEK = 2 };

enum SocketOption : u32 { OPTION_NO_DELAY = 1, OPTION_KEEP_ALIVE };  // 0 or 1; seconds of silence before a probe, 0 for none

// Errors of `net`, besides those of the kernel.
enum NetError : i32 {
  NET_REFUSED = -40,
  NET_RESET = -41,         // the peer has reset the connection
  NET_UNREACHABLE = -42,
  NET_AGAIN = -43,         // the call would have to wait
  NET_IN_USE = -44,
  NET_ENDED = -45,         // sending has ended, or there is no connection
  NET_TOO_LONG = -46,      // the datagram is too long
  NET_LOWEST = NET_TOO_LONG,
};

// The peer, at the start of each datagram, sent or received. ECHO: the port is the sequence number of the echo request,
// and the data are what the peer returns.
struct Endpoint {
  u32 address;
  u16 port;
  u16 bytes;       // of data that follow; ignored on sending
};

enum PollEvent : u16 { POLL_IN = 1, POLL_OUT = 2, POLL_ERROR = 4 };
struct Poll {
  u32 socket;      // number of the socket
  u16 events, ready;
};
constexpr u32 MOST_POLLED = 32;

struct SocketName {
  Endpoint local, remote;
  u32 state;       // of a TCP connection, in the order of RFC 9293; 0 is closed
};

struct NetStatus {
  u32 address, mask, gateway, name_server;  // 0 if unknown
  u32 hardware_low, hardware_high;          // 6 bytes; 0 without a device
  u32 lease;                                // seconds left; FOREVER for a fixed address
  u32 sockets;
  u32 frames_in, frames_out, dropped;
};

enum EtherMethod : u32 {
  ETHER_ADDRESS,   // last two bytes of the hardware address; first four in the second result
  ETHER_SEND,      // memory handle, bytes: two bytes of padding, then a frame
  ETHER_RECEIVE,   // memory handle, room: bytes including two for the count, 0 if there is no frame; second result:
                   // whether more wait
};
constexpr u32 FRAME_MOST = 1514, FRAME_ROOM = 1520;

}  // namespace curios
