// The shell's commands for the network: net, ping, wget, nc.
#include "shell_net.h"

#include "sockets.h"

namespace curios {
namespace {

constexpr u32 ROOM = 1024, HTTP = 80;

struct Errors {
  i32 value;
  const char *text;
};
constexpr Errors ERRORS[] = {
    {NET_REFUSED, "refused"},           {NET_RESET, "broken off by the peer"}, {NET_UNREACHABLE, "no way to that address"},
    {NET_IN_USE, "the port is in use"}, {NET_ENDED, "not connected"},          {NET_TOO_LONG, "too long"},
    {TIMED_OUT, "no answer"},           {FULL, "no free socket"},              {DEAD, "the network has failed for good"},
    {ABSENT, "there is no network"},    {FAULTED, "the network has failed at it twice"},
};

struct Commands {
  Terminal terminal;
  Shared<ROOM> data;

  void say(Line &line) {
    const char *text = line.text();
    u32 n = line.take();
    for (u32 i = 0; i < n; i++) terminal.output[i] = text[i];
    terminal.output[n] = '\n';
    write(n + 1);
  }
  void write(u32 bytes) { call(terminal.console, CONSOLE_WRITE, terminal.memory, bytes); }
  void say(const char *text) {
    Line line;
    line << text;
    say(line);
  }
  void failed(const char *what, i32 error) {
    Line line;
    line << what << ": ";
    for (const Errors &e : ERRORS)
      if (e.value == error) return line << e.text, say(line);
    line << "error " << error;
    say(line);
  }
  // Text of any length, in pieces that the console accepts.
  void show(const u8 *text, u32 bytes) {
    for (u32 done = 0; done < bytes;) {
      u32 n = 0;
      for (; n < Line::ROOM && done < bytes; n++, done++) {
        char c = static_cast<char>(text[done]);
        terminal.output[n] = c == '\n' || (c >= ' ' && c <= '~') ? c : c == '\r' ? ' ' : '.';
      }
      write(n);
    }
  }
};

bool is(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

void net(Commands &c) {
  NetStatus n{};
  if (i32 error = net_status(n); error < 0) return c.failed("net", error);
  Line line;
  line << "hardware ";
  const u8 *h = reinterpret_cast<const u8 *>(&n.hardware_low);
  if ((n.hardware_low | n.hardware_high) == 0) {
    line << "none";
  } else {
    for (u32 i = 0; i < 6; i++) {
      const char digits[] = {"0123456789abcdef"[h[i] >> 4], "0123456789abcdef"[h[i] & 15], i == 5 ? '\0' : ':', '\0'};
      line << digits;
    }
  }
  c.say(line);
  u32 bits = 0;
  for (u32 m = n.mask; m != 0; m <<= 1) bits++;
  line << "address ";
  if (n.address == 0)
    line << "none";
  else
    address_to(line, n.address) << "/" << bits;
  if (n.gateway != 0) address_to(line << ", gateway ", n.gateway);
  if (n.name_server != 0) address_to(line << ", names from ", n.name_server);
  c.say(line);
  if (n.address != 0) {
    if (n.lease == FOREVER)
      line << "fixed address";
    else
      line << "lease for " << n.lease << " s";
    c.say(line);
  }
  line << "sockets " << n.sockets << ", frames in " << n.frames_in << ", out " << n.frames_out << ", dropped " << n.dropped;
  c.say(line);
}

// One request per second, each with a time-out of a second.
void ping(Commands &c, const char *host, u32 times) {
  constexpr u32 BYTES = 56, PATIENCE = 1000;
  u32 address = resolve(host, c.data);
  if (address == 0) return c.say("ping: no such host");
  Socket socket;
  if (socket.open(SocketKind::ECHO) < 0) return c.failed("ping", socket.id);
  Endpoint &peer = *reinterpret_cast<Endpoint *>(c.data.bytes);
  Poll poll;
  Handle polled = grant(&poll, sizeof poll, true);
  u32 answers = 0;
  Line line;
  for (u32 i = 1; i <= times; i++) {
    peer = {address, static_cast<u16>(i), 0};
    for (u32 b = 0; b < BYTES; b++) c.data.bytes[sizeof peer + b] = static_cast<u8>(b);
    u64 start = microseconds();
    i32 sent = socket.send(c.data.memory, sizeof peer + BYTES);
    if (sent < 0) {
      c.failed("ping", sent);
      break;
    }
    bool answered = false;
    while (!answered && microseconds() - start < PATIENCE * 1000) {
      poll = {static_cast<u32>(socket.id), POLL_IN, 0};
      if (call(socket.net, NET_POLL, polled, 1, PATIENCE) <= 0) break;
      i32 got = socket.receive(c.data.memory, ROOM);
      answered = got >= static_cast<i32>(sizeof peer) && peer.port == i;
    }
    if (answered) {
      answers++;
      address_to(line << peer.bytes << " bytes from ", peer.address);
      line << ": " << i << ", " << static_cast<u32>(microseconds() - start) << " us";
      c.say(line);
    }
    if (i < times) wait(0, PATIENCE);
  }
  line << answers << " answers to " << times << " requests";
  c.say(line);
  drop(polled);
  socket.end();
}

// http://HOST[:PORT][/PATH]; the scheme is optional.
struct Url {
  char host[64];
  u32 port;
  const char *path;
};

bool parse(const char *text, Url &url) {
  const char *scheme = "http://", *p = text;
  while (*scheme != 0 && *p == *scheme) p++, scheme++;
  if (*scheme != 0) p = text;
  u32 n = 0;
  while (*p != 0 && *p != ':' && *p != '/' && n + 1 < sizeof url.host) url.host[n++] = *p++;
  url.host[n] = 0;
  url.port = HTTP;
  if (*p == ':' && (!take_number(++p, url.port) || url.port == 0 || url.port > 0xffff)) return false;
  url.path = *p == '/' ? p : "/";
  return n != 0 && (*p == 0 || *p == '/');
}

i32 open_to(Commands &c, const char *host, u32 port, Socket &socket) {
  u32 address = resolve(host, c.data);
  if (address == 0) return NET_UNREACHABLE;
  if (socket.open(SocketKind::TCP) < 0) return socket.id;
  i32 result = socket.connect(address, port);
  if (result < 0) socket.end();
  return result;
}

i32 send_text(Commands &c, Socket &socket, const char *const *parts, u32 count) {
  u32 n = 0;
  for (u32 i = 0; i < count; i++)
    for (const char *p = parts[i]; *p != 0 && n < ROOM; p++) c.data.bytes[n++] = static_cast<u8>(*p);
  return socket.send(c.data.memory, n);
}

// Shows the first lines of an answer, and counts the rest.
void wget(Commands &c, const char *text) {
  Url url;
  if (!parse(text, url)) return c.say("wget http://HOST[:PORT][/PATH]");
  Socket socket;
  u64 start = microseconds();
  i32 result = open_to(c, url.host, url.port, socket);
  if (result < 0) return c.failed("wget", result);
  const char *const request[] = {"GET ", url.path, " HTTP/1.1\r\nHost: ", url.host, "\r\nConnection: close\r\n\r\n"};
  result = send_text(c, socket, request, 5);
  u32 whole = 0, body = 0, ends = 0, shown = 0, sum = 0;
  constexpr u32 SHOWN = 1500;
  while (result > 0) {
    result = socket.receive(c.data.memory, ROOM);
    u32 n = result > 0 ? static_cast<u32>(result) : 0, i = 0;
    for (; i < n && ends < 4; i++) {   // the head ends with \r\n\r\n
      char wanted = ends % 2 == 0 ? '\r' : '\n', got = static_cast<char>(c.data.bytes[i]);
      ends = got == wanted ? ends + 1 : got == '\r' ? 1 : 0;
    }
    for (u32 b = i; b < n; b++) sum = mix(sum, c.data.bytes[b]);
    u32 more = shown < SHOWN ? (n < SHOWN - shown ? n : SHOWN - shown) : 0;
    c.show(c.data.bytes, more);
    shown += more;
    whole += n;
    body += n - i;
  }
  socket.end();
  c.say(shown < whole ? "..." : "");
  if (result < 0) return c.failed("wget", result);
  Line line;
  line << body << " bytes in " << static_cast<u32>(microseconds() - start) / 1000 << " ms, sum ";
  line.hex(sum);
  c.say(line);
}

// Prints received data until the peer closes the connection.
void show_all(Commands &c, Socket &socket) {
  i32 n;
  while ((n = socket.receive(c.data.memory, ROOM)) > 0) c.show(c.data.bytes, static_cast<u32>(n));
  if (n < 0) c.failed("nc", n);
}

void nc(Commands &c, const char *const *words, u32 count) {
  u32 port = 0;
  const char *number = count > 2 ? words[2] : "";
  if (!take_number(number, port) || *number != 0 || port == 0 || port > 0xffff)
    return c.say("nc HOST PORT [WORD]: sends a line, shows what comes; nc -l PORT: waits for a connection");
  Socket socket;
  if (is(words[1], "-l")) {
    Socket listener;
    if (listener.open(SocketKind::TCP, port) < 0) return c.failed("nc", listener.id);
    i32 result = listener.listen(1);
    if (result == OK) result = socket.accept(listener);
    listener.end();
    if (result < 0) return c.failed("nc", result);
  } else if (i32 result = open_to(c, words[1], port, socket); result < 0) {
    return c.failed("nc", result);
  }
  if (count > 3) {
    const char *const text[] = {words[3], "\n"};
    send_text(c, socket, text, 2);
    socket.shutdown();
  }
  show_all(c, socket);
  socket.end();
}

void name(Commands &c) {
  NetStatus n{};
  if (i32 error = net_status(n); error < 0) return c.failed("httpd", error);
  constexpr u32 HTTPD = 70;
  if (inspect(Inspect::STATE, HTTPD) != static_cast<i32>(ObjectState::ACTIVE))
    return c.say("httpd does not run; boot with run=shell,httpd");
  Line line;
  address_to(line << "httpd serves http://", n.address != 0 ? n.address : 0x7f000001) << "/";
  c.say(line);
}

}  // namespace

void network_help(Terminal terminal) {
  Commands c{terminal, {}};
  c.say("net                   address and counts of the network");
  c.say("ping HOST [COUNT]     ask a host for echoes");
  c.say("wget URL              get a page, and show its beginning");
  c.say("nc HOST PORT [WORD]   a connection by hand; nc -l PORT waits for one");
  c.say("httpd                 where this machine serves pages");
}

bool network_command(const char *const *words, u32 count, Terminal terminal) {
  Commands c{terminal, {}};
  const char *command = words[0];
  u32 times = 3;
  const char *number = count > 2 ? words[2] : "3";
  if (is(command, "net"))
    net(c);
  else if (is(command, "ping") && count > 1 && take_number(number, times))
    ping(c, words[1], times < 1000 ? times : 1000);
  else if (is(command, "wget") && count > 1)
    wget(c, words[1]);
  else if (is(command, "nc"))
    nc(c, words, count);
  else if (is(command, "httpd"))
    name(c);
  else
    return false;
  return true;
}

}  // namespace curios
