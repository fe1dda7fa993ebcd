// An HTTP/1.1 server (RFC 9110, 9112): GET and HEAD, ranges, several persistent connections, served by one thread that
// polls them all. It serves the files of the card; / is /index.html there, or a built-in page. /bytes/N are N bytes
// that encode their position, for measurements and tests.
#include "files.h"
#include "sockets.h"

inline void *operator new(__SIZE_TYPE__, void *place) { return place; }

namespace curios {
namespace {

constexpr u32 HTTPD = 70, PORT = 80;
constexpr u32 CONNECTIONS = 12, REQUEST = 1024, CHUNK = 4096, BACKLOG = 12;
constexpr char INDEX[] =
    "<!doctype html><title>CuriOS</title><h1>CuriOS</h1>\n"
    "<p>Served by a system whose TCP/IP service may crash while you read this; you would not notice.\n"
    "<p><a href=/bytes/1024>1 KiB</a> <a href=/bytes/1048576>1 MiB</a>\n";

struct Content {
  enum class Kind : u32 { NONE, TEXT, BYTES, FILE } kind = Kind::NONE;
  u32 bytes = 0;
  File file;             // the file of a FILE response, open

  void close() {
    if (kind == Kind::FILE) file.close();
    kind = Kind::NONE;
  }
};

struct Connection {
  Socket socket;
  u32 used;            // of the request
  u32 at, end;         // the content still to be sent; equal: none
  Content content;
  bool closes;         // after this response
  char request[REQUEST];

  void close() {
    content.close();
    socket.close();
    at = end = 0;
  }
};

struct Server {
  Shared<CHUNK> out;
  Files files;
  char paths[PATHS_ROOM];
  Socket listener;
  Poll polls[CONNECTIONS + 1];
  Handle polled = grant(polls, sizeof polls, true);
  // In the client's heap, after the records; zero at first.
  Connection *connections = reinterpret_cast<Connection *>(section(self()) + HEAP);
};

bool begins(const char *text, const char *with) {
  while (*with != 0)
    if (*text++ != *with++) return false;
  return true;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The value of a header field, or null.
const char *field(const char *request, const char *name) {
  for (const char *p = request; *p != 0; p++) {
    if (p[0] != '\n') continue;
    const char *n = name, *q = p + 1;
    while (*n != 0 && lower(*q) == *n) q++, n++;
    if (*n != 0 || *q != ':') continue;
    do q++;
    while (*q == ' ');
    return q;
  }
  return nullptr;
}

bool says(const char *value, const char *word) {
  for (; value != nullptr && *word != 0; value++, word++)
    if (lower(*value) != *word) return false;
  return value != nullptr;
}

i32 hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The path of a request, with %XX decoded; false if it is too long or leaves the root.
bool path_of(const char *from, char *to, u32 room) {
  u32 n = 0;
  for (; *from != 0 && *from != ' ' && *from != '?'; from++) {
    char c = *from;
    if (c == '%' && hexadecimal(from[1]) >= 0 && hexadecimal(from[2]) >= 0) {
      c = static_cast<char>(hexadecimal(from[1]) << 4 | hexadecimal(from[2]));
      from += 2;
    }
    if (c == 0 || n + 1 >= room) return false;
    to[n++] = c;
    if (n >= 3 && to[n - 1] == '.' && to[n - 2] == '.' && to[n - 3] == '/') return false;
  }
  to[n] = 0;
  return n != 0 && to[0] == '/';
}

bool open_file(const Files &files, const char *path, Content &c) {
  FileStatus status;
  if (files.memory == 0 || files.stat(path, status) != OK || status.mode >> 12 != FILE_REGULAR || status.size >> 32 != 0) return false;
  if (c.file.open(files, path, OPEN_READ) < 0) return false;
  c.kind = Content::Kind::FILE;
  c.bytes = static_cast<u32>(status.size);
  return true;
}

Content find(const Files &files, const char *request) {
  Content c;
  char path[256];
  if (!path_of(request, path, sizeof path)) return c;
  const char *number = path + 7;
  if (path[1] == 0) {
    if (open_file(files, "/index.html", c)) return c;
    c.kind = Content::Kind::TEXT;
    c.bytes = sizeof INDEX - 1;
  } else if (begins(path, "/bytes/") && take_number(number, c.bytes) && *number == 0) {
    c.kind = Content::Kind::BYTES;
  } else {
    open_file(files, path, c);
  }
  return c;
}

// Copies content to the output buffer at offset `before`; returns the number of bytes.
u32 fill(Server &s, const Content &c, u32 at, u32 before, u32 n) {
  if (c.kind == Content::Kind::FILE) {
    if (n == 0 || c.file.seek(at) < 0) return 0;
    i32 got = c.file.read(s.out.memory, n, before);
    return got < 0 ? 0 : static_cast<u32>(got);
  }
  u8 *to = s.out.bytes + before;
  for (u32 i = 0; i < n; i++, at++) {
    if (c.kind == Content::Kind::TEXT) {
      to[i] = static_cast<u8>(INDEX[at]);
    } else {   // each word encodes its offset, which exposes lost, repeated and reordered bytes
      u32 word = (at / 4) * 0x9e3779b9u;
      word ^= word >> 15;
      to[i] = static_cast<u8>(word >> at % 4 * 8);
    }
  }
  return n;
}

// The media type by the suffix of the name, for the few types that matter to a browser.
const char *type_of(const Content &c, const char *path) {
  constexpr const char *TYPES[][2] = {{"html", "text/html"}, {"txt", "text/plain"}, {"css", "text/css"},
                                      {"js", "text/javascript"}, {"png", "image/png"}, {"jpg", "image/jpeg"}};
  if (c.kind == Content::Kind::TEXT || path[1] == ' ') return "text/html";
  const char *end = path, *dot = path;
  for (; *end != 0 && *end != ' ' && *end != '?'; end++)
    if (*end == '.') dot = end + 1;
  for (const auto &t : TYPES)
    if (begins(dot, t[0]) && dot + (t[0][2] == 0 ? 2 : t[0][3] == 0 ? 3 : 4) == end) return t[1];
  return "application/octet-stream";
}

class Text {
 public:
  Text(u8 *to, u32 room) : to_(to), room_(room) {}
  Text &operator<<(const char *s) {
    for (; *s != 0 && n_ < room_; s++) to_[n_++] = static_cast<u8>(*s);
    return *this;
  }
  Text &operator<<(u32 v) {
    char digits[11];
    u32 i = 10;
    digits[i] = 0;
    do digits[--i] = static_cast<char>('0' + v % 10), v /= 10;
    while (v != 0);
    return *this << digits + i;
  }
  u32 size() const { return n_; }

 private:
  u8 *to_;
  u32 room_, n_ = 0;
};

struct Span {
  u32 from, to;
  bool part, possible;
};

// RFC 9110, 14: one range; anything else is ignored.
Span range_of(const char *value, u32 bytes) {
  Span all = {0, bytes, false, true};
  if (value == nullptr || !begins(value, "bytes=")) return all;
  const char *p = value + 6;
  u32 from = 0, to = 0;
  bool has_from = take_number(p, from);
  if (*p++ != '-') return all;
  bool has_to = take_number(p, to);
  if (*p == ',' || (!has_from && !has_to)) return all;
  if (!has_from) return {to < bytes ? bytes - to : 0, bytes, true, to != 0 && bytes != 0};
  if (has_to && to < from) return all;
  u32 end = has_to && to < bytes ? to + 1 : bytes;
  return {from, end, true, from < bytes};
}

// Sends the head of a response, with the first bytes of its content.
void answer(Server &s, Connection &c, const char *request) {
  bool head = begins(request, "HEAD "), get = begins(request, "GET ");
  const char *path = request + (head ? 5 : 4);
  const char *line_end = path;
  while (*line_end != 0 && *line_end != '\r' && *line_end != '\n') line_end++;
  bool old = line_end - path >= 8 && begins(line_end - 8, "HTTP/1.0");
  const char *connection = field(request, "connection");
  c.closes = old ? !says(connection, "keep-alive") : says(connection, "close");
  Text out(s.out.bytes, 512);
  c.content.close();
  Content content = get || head ? find(s.files, path) : Content{};
  Span span = range_of(get ? field(request, "range") : nullptr, content.bytes);
  const char *what = !get && !head ? "405 Method Not Allowed"
                     : content.kind == Content::Kind::NONE ? "404 Not Found"
                     : !span.possible ? "416 Range Not Satisfiable"
                     : span.part ? "206 Partial Content"
                                 : "200 OK";
  bool good = content.kind != Content::Kind::NONE && span.possible;
  u32 bytes = good ? span.to - span.from : 0;
  out << "HTTP/1.1 " << what << "\r\nServer: CuriOS\r\nAccept-Ranges: bytes\r\nContent-Length: " << bytes << "\r\n";
  if (!get && !head) out << "Allow: GET, HEAD\r\n";
  if (good) out << "Content-Type: " << type_of(content, path) << "\r\n";
  if (good && span.part) out << "Content-Range: bytes " << span.from << "-" << span.to - 1 << "/" << content.bytes << "\r\n";
  if (!span.possible) out << "Content-Range: bytes */" << content.bytes << "\r\n";
  out << (c.closes ? "Connection: close\r\n\r\n" : old ? "Connection: keep-alive\r\n\r\n" : "\r\n");
  c.content = content;
  c.at = span.from;
  c.end = good && !head ? span.to : c.at;
  u32 n = out.size(), first = c.end - c.at < CHUNK - n ? c.end - c.at : CHUNK - n;
  first = fill(s, c.content, c.at, n, first);
  if (c.socket.send(s.out.memory, n + first) < 0) return c.close();
  c.at += first;
}

void finish(Connection &c) {
  c.content.close();
  if (c.closes) c.close();
}

// Sends as much as there is room for.
void go_on(Server &s, Connection &c) {
  u32 n = fill(s, c.content, c.at, 0, c.end - c.at < CHUNK ? c.end - c.at : CHUNK);
  if (n == 0) return c.close();   // the file has shrunk: closing the connection shows the peer that the response is incomplete
  i32 sent = c.socket.send(s.out.memory, n, DONT_WAIT);
  if (sent == NET_AGAIN) return;
  if (sent < 0) return c.close();
  c.at += static_cast<u32>(sent);
  if (c.at == c.end) finish(c);
}

// The length of the first request, up to its empty line; 0 if it is incomplete.
u32 request_end(const Connection &c) {
  for (u32 i = 3; i < c.used; i++)
    if (c.request[i] == '\n' && (c.request[i - 1] == '\n' || (c.request[i - 2] == '\n' && c.request[i - 1] == '\r'))) return i + 1;
  return 0;
}

// A connection can carry several requests.
void carry_out(Server &s, Connection &c) {
  for (u32 n = request_end(c); n != 0 && c.socket.is_open() && c.at == c.end; n = request_end(c)) {
    char kept = c.request[n - 1];
    c.request[n - 1] = 0;
    answer(s, c, c.request);
    c.request[n - 1] = kept;
    c.used -= n;
    for (u32 i = 0; i < c.used; i++) c.request[i] = c.request[n + i];
    if (c.at == c.end) finish(c);
  }
}

void take_in(Server &s, Connection &c) {
  u32 room = REQUEST - 1 - c.used;
  i32 n = room == 0 ? NET_TOO_LONG : c.socket.receive(s.out.memory, room < CHUNK ? room : CHUNK, DONT_WAIT);
  if (n == NET_AGAIN) return;
  if (n <= 0) return c.close();
  for (i32 i = 0; i < n; i++) c.request[c.used++] = static_cast<char>(s.out.bytes[i]);
  carry_out(s, c);
}

void welcome(Server &s) {
  for (u32 i = 0; i < CONNECTIONS; i++) {
    Connection &c = s.connections[i];
    if (c.socket.is_open()) continue;
    if (c.socket.accept(s.listener, DONT_WAIT) <= 0) return;
    c.socket.option(OPTION_NO_DELAY, 1);
    c.socket.option(OPTION_KEEP_ALIVE, 600);
    c.used = 0;
    c.at = c.end = 0;
    c.closes = false;
  }
}

bool is_full(const Server &s) {
  for (u32 i = 0; i < CONNECTIONS; i++)
    if (!s.connections[i].socket.is_open()) return false;
  return true;
}

void serve(Server &s) {
  u32 count = 0, who[CONNECTIONS + 1];
  if (!is_full(s)) {
    s.polls[count] = {static_cast<u32>(s.listener.id), POLL_IN, 0};
    who[count++] = CONNECTIONS;
  }
  for (u32 i = 0; i < CONNECTIONS; i++) {
    const Connection &c = s.connections[i];
    if (!c.socket.is_open()) continue;
    s.polls[count] = {static_cast<u32>(c.socket.id), static_cast<u16>(c.at == c.end ? POLL_IN : POLL_OUT), 0};
    who[count++] = i;
  }
  i32 ready = call(s.listener.net, NET_POLL, s.polled, count, FOREVER);
  if (ready < 0) wait(0, 10);
  for (u32 i = 0; ready > 0 && i < count; i++) {
    if (s.polls[i].ready == 0) continue;
    if (who[i] == CONNECTIONS) {
      welcome(s);
      continue;
    }
    Connection &c = s.connections[who[i]];
    if (c.at != c.end) {
      go_on(s, c);
      if (c.socket.is_open() && c.at == c.end) carry_out(s, c);
    } else {
      take_in(s, c);
    }
  }
}

void run(u32) {
  NO_CALLER;
  Server &s = *new (reinterpret_cast<void *>(section(self()) + HEAP + CONNECTIONS * sizeof(Connection))) Server;
  s.files.begin(s.paths);
  if (s.listener.open(SocketKind::TCP, PORT) < 0 || s.listener.listen(BACKLOG) < 0) return;
  for (;;) serve(s);
}

CLIENT(httpd, "httpd", HTTPD, run)

}  // namespace
}  // namespace curios
