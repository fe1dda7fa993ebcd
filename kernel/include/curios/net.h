// The network as clients call it: sockets of the service `net`, and frames of the driver `ether`. A socket is a session: look
// the service up and connect once for each. Addresses and ports are numbers: 10.0.2.15 is 0x0a00020f.
#pragma once
#include "services.h"

namespace curios {

enum NetMethod : u32 {
  NET_OPEN,        // SocketKind, local port or 0: makes the socket; its number
  NET_CONNECT,     // address, port, flags: of TCP waits until it is established; sets the peer of UDP
  NET_LISTEN,      // backlog
  NET_ACCEPT,      // number of a listening socket of the same client, flags: the socket of this session becomes the connection
  NET_SEND,        // memory handle, bytes, flags: how many it has taken, all unless it must not wait
  NET_RECEIVE,     // memory handle, room, flags: how many bytes, 0 at the end of the stream
  NET_SHUTDOWN,    // nothing more will be sent
  NET_CLOSE,       // what is queued still goes out
  NET_POLL,        // memory handle of Poll[], count, milliseconds or FOREVER: how many are ready
  NET_OPTION,      // SocketOption, value
  NET_ATTACH,      // number of a socket of the same client: it belongs to this session from now on
  NET_STATUS,      // memory handle: NetStatus
  NET_NAME,        // memory handle: SocketName
  NET_NOTIFY,      // the driver has frames
};

constexpr u32 SOCKET_ENDED = 64;  // of a socket's flags: the peer's FIN has come

// Of NET_CONNECT, NET_ACCEPT, NET_SEND and NET_RECEIVE.
enum SocketFlag : u32 { DONT_WAIT = 1, PEEK = 2 };

enum SocketOption : u32 { OPTION_NO_DELAY = 1, OPTION_KEEP_ALIVE };  // 0 or 1; seconds of silence, 0 for none

// What a method of net gives, besides the errors of the kernel.
enum NetError : i32 {
  NET_REFUSED = -40,
  NET_RESET = -41,         // the peer has broken the connection off
  NET_UNREACHABLE = -42,
  NET_AGAIN = -43,         // it would have to wait
  NET_IN_USE = -44,
  NET_ENDED = -45,         // sending has been shut down, or there is no connection
  NET_TOO_LONG = -46,      // a datagram
  NET_LOWEST = NET_TOO_LONG,
};

// What a datagram begins with, sent or received: the peer. ECHO: the port is the number of the request, and the data are
// what the peer sends back.
struct Endpoint {
  u32 address;
  u16 port;
  u16 bytes;       // of data after it; ignored in what is sent
};

enum PollEvent : u16 { POLL_IN = 1, POLL_OUT = 2, POLL_ERROR = 4 };
struct Poll {
  u32 socket;      // its number
  u16 events, ready;
};
constexpr u32 MOST_POLLED = 32;

struct SocketName {
  Endpoint local, remote;
  u32 state;       // of TCP, as RFC 9293 lists them; 0 closed
};

struct NetStatus {
  u32 address, mask, gateway, name_server;  // 0 while there is none
  u32 hardware_low, hardware_high;          // 6 bytes; 0 when there is no device
  u32 lease;                                // seconds left; FOREVER for a fixed address
  u32 sockets;
  u32 frames_in, frames_out, dropped;
};

enum EtherMethod : u32 {
  ETHER_ADDRESS,   // the last two bytes of the hardware address; the first four in the second result
  ETHER_SEND,      // memory handle, bytes: two bytes of room, then a frame
  ETHER_RECEIVE,   // memory handle, room of FRAME_ROOM: bytes, the first two unused, 0 for no frame; ETHER_EMPTY when no other waits
};
constexpr u32 ETHER_EMPTY = 0x8000;  // a bit of the second result
constexpr u32 FRAME_MOST = 1514, FRAME_ROOM = 1520;

}  // namespace curios
