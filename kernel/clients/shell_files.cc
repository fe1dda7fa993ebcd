// The shell's commands for files.
#include "shell.h"

namespace curios {
namespace {

constexpr u32 ROW = 16;            // bytes per row of a dump

void complain(Shell &s, const char *what, i32 error) {
  Line line;
  line << what << ": " << file_error(error);
  s.say(line);
}

// The absolute form of a path, resolved against the shell's own directory. False: too long.
bool absolute(const Shell &s, const char *path, char *to) {
  u32 n = 0;
  auto add = [&](const char *text) {
    for (; *text != 0; text++) {
      if (n + 1 == Shell::PATH) return false;
      to[n++] = *text;
    }
    return true;
  };
  bool fits = *path == '/' || (add(s.room->directory) && (n == 1 || add("/")));
  fits = fits && add(path);
  to[n] = 0;
  return fits;
}

// Makes the paths of the first words absolute; false if there are too few, or one is too long.
bool paths(Shell &s, u32 from, u32 wanted) {
  if (s.count != from + wanted) return false;
  return (wanted < 1 || absolute(s, s.words[from], s.room->first)) && (wanted < 2 || absolute(s, s.words[from + 1], s.room->second));
}

// If the target is a directory, appends the last name of the source to it.
bool into(Shell &s) {
  FileStatus status;
  if (s.files.stat(s.room->second, status) != OK || status.mode >> 12 != FILE_DIRECTORY) return true;
  const char *name = s.room->first;
  for (const char *p = name; *p != 0; p++)
    if (*p == '/') name = p + 1;
  u32 n = 0;
  while (s.room->second[n] != 0) n++;
  if (n > 1) s.room->second[n++] = '/';
  for (; *name != 0; name++) {
    if (n + 1 >= Shell::PATH) return false;
    s.room->second[n++] = *name;
  }
  s.room->second[n] = 0;
  return true;
}

void put_text(Line &line, const char *text, u32 bytes) {
  char one[2] = {};
  for (u32 i = 0; i < bytes; i++) {
    one[0] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '.';
    line << one;
  }
}

// Sizes over 4 GiB in MiB.
void put_size(Line &line, u64 size, u32 width) {
  if (size >> 32 == 0)
    column(line, static_cast<u32>(size), width);
  else {
    column(line, static_cast<u32>(size >> 20), width - 1);
    line << "M";
  }
}

void mode_text(Line &line, u32 mode) {
  constexpr char TYPES[] = "?pc?d?b?-?l?s???";
  char text[11] = {};
  text[0] = TYPES[mode >> 12 & 15];
  for (u32 i = 0; i < 9; i++) text[1 + i] = (mode >> (8 - i) & 1) != 0 ? "rwxrwxrwx"[i] : '-';
  line << text;
}

void list_one(Shell &s, const char *path, const char *name, u32 bytes) {
  FileStatus status;
  i32 result = s.files.stat(path, status, false);
  if (result < 0) return complain(s, path, result);
  Line line;
  mode_text(line, status.mode);
  column(line, status.links, 4);
  put_size(line, status.size, 12);
  line << "  ";
  put_text(line, name, bytes);
  if (status.mode >> 12 == FILE_LINK) {
    i32 length = s.files.readlink(path);
    line << " -> ";
    if (length > 0) put_text(line, s.files.buffer + RESULT_AT, static_cast<u32>(length));
  }
  s.say(line);
}

u32 length_of(const char *text) {
  u32 n = 0;
  while (text[n] != 0) n++;
  return n;
}

void list(Shell &s) {
  const char *name = s.count > 1 ? s.words[1] : ".";
  if (s.count < 2) s.words[1] = const_cast<char *>("."), s.count = 2;
  if (!paths(s, 1, 1)) return complain(s, name, NAME_TOO_LONG);
  const char *path = s.room->first;
  FileStatus status;
  i32 result = s.files.stat(path, status, false);
  if (result < 0) return complain(s, name, result);
  if (status.mode >> 12 != FILE_DIRECTORY) return list_one(s, path, name, length_of(name));
  File directory;
  result = directory.open(s.files, path, OPEN_READ | OPEN_DIRECTORY);
  if (result < 0) return complain(s, name, result);
  while ((result = directory.list()) > 0) {
    char *all = s.room->content;
    for (u32 i = 0; i < static_cast<u32>(result); i++) all[i] = s.files.buffer[i];
    for (u32 i = 0; i < static_cast<u32>(result);) {
      const ListEntry &e = *reinterpret_cast<const ListEntry *>(all + i);
      const char *text = reinterpret_cast<const char *>(&e + 1);
      i += e.bytes;
      char *full = s.room->second;
      u32 n = 0;
      for (; path[n] != 0; n++) full[n] = path[n];
      full[n++] = '/';
      if (n + e.name_bytes >= Shell::PATH || text[0] == '.') continue;
      for (u32 k = 0; k < e.name_bytes; k++) full[n++] = text[k];
      full[n] = 0;
      list_one(s, full, text, e.name_bytes);
    }
  }
  if (result < 0) complain(s, name, result);
  directory.close();
}

// Calls each(text, bytes) for each piece of a file's content.
template <class F>
void content(Shell &s, F each) {
  File file;
  i32 result = paths(s, 1, 1) ? file.open(s.files, s.room->first, OPEN_READ) : static_cast<i32>(NAME_TOO_LONG);
  if (result < 0) return complain(s, s.words[1], result);
  while ((result = file.read(s.content, sizeof s.room->content)) > 0) each(s.room->content, static_cast<u32>(result));
  if (result < 0) complain(s, s.words[1], result);
  file.close();
}

void cat(Shell &s) {
  Line line;
  u32 used = 0;
  content(s, [&](const char *text, u32 bytes) {
    for (u32 i = 0; i < bytes; i++) {
      if (text[i] != '\n') put_text(line, text + i, 1), used++;
      if (text[i] != '\n' && used < Line::ROOM) continue;
      s.say(line);
      used = 0;
    }
  });
  if (used != 0) s.say(line);
}

void dump(Shell &s) {
  u32 at = 0;
  content(s, [&](const char *text, u32 bytes) {
    for (u32 i = 0; i < bytes; i += ROW, at += ROW) {
      u32 n = bytes - i < ROW ? bytes - i : ROW;
      Line line;
      line.hex(at) << "  ";
      for (u32 k = 0; k < ROW; k++) {
        char two[4] = "   ";
        u32 byte = static_cast<u8>(text[i + k]);
        if (k < n) two[0] = "0123456789abcdef"[byte >> 4], two[1] = "0123456789abcdef"[byte & 15];
        line << two;
      }
      line << " ";
      put_text(line, text + i, n);
      s.say(line);
    }
  });
}

i32 copy(Shell &s) {
  File from, to;
  i32 result = from.open(s.files, s.room->first, OPEN_READ);
  if (result < 0) return result;
  FileStatus a, b;
  if (from.stat(a) == OK && s.files.stat(s.room->second, b) == OK && a.inode == b.inode) {
    from.close();
    return BAD_ARGUMENT;
  }
  result = to.open(s.files, s.room->second, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE);
  if (result >= 0) {
    while ((result = from.read(s.content, sizeof s.room->content)) > 0) {
      i32 n = result;
      result = to.write(s.content, static_cast<u32>(n));
      if (result >= 0 && result < n) result = NO_SPACE;
      if (result < 0) break;
    }
    i32 closed = to.close();
    if (result == OK) result = closed;
  }
  from.close();
  return result;
}

// echo TEXT > FILE, echo TEXT >> FILE, echo TEXT.
void echo(Shell &s) {
  const char *text = s.line;
  while (*text == ' ') text++;
  text += 4;
  while (*text == ' ') text++;
  u32 end = 0;
  while (text[end] != 0 && text[end] != '>') end++;
  if (text[end] == 0) return s.say(text);
  bool append = text[end + 1] == '>';
  const char *name = text + end + (append ? 2 : 1);
  while (*name == ' ') name++;
  while (end > 0 && text[end - 1] == ' ') end--;
  File file;
  i32 result = *name == 0 ? static_cast<i32>(BAD_ARGUMENT) : !absolute(s, name, s.room->first)
                   ? static_cast<i32>(NAME_TOO_LONG)
                   : file.open(s.files, s.room->first, OPEN_WRITE | OPEN_CREATE | (append ? OPEN_APPEND : OPEN_TRUNCATE));
  if (result < 0) return complain(s, name, result);
  for (u32 i = 0; i < end; i++) s.room->content[i] = text[i];
  s.room->content[end] = '\n';
  result = file.write(s.content, end + 1);
  if (result < 0) complain(s, name, result);
  file.close();
}

void stat(Shell &s) {
  FileStatus status;
  i32 result = paths(s, 1, 1) ? s.files.stat(s.room->first, status, false) : static_cast<i32>(NAME_TOO_LONG);
  if (result < 0) return complain(s, s.words[1], result);
  Line line;
  mode_text(line, status.mode);
  line << "  inode " << status.inode << "  links " << status.links << "  user " << (status.owner & 0xffff) << "  group "
       << (status.owner >> 16);
  s.say(line);
  line << "size ";
  put_size(line, status.size, 1);
  line << "  blocks of 512 " << status.blocks << "  block " << status.block_bytes;
  s.say(line);
  line << "accessed " << status.accessed << "  modified " << status.modified << "  changed " << status.changed;
  s.say(line);
}

void free_space(Shell &s) {
  VolumeStatus v;
  i32 result = s.files.statfs(v);
  if (result < 0) return complain(s, "df", result);
  Line line;
  line << "blocks of " << v.block_bytes << ": " << v.free_blocks << " of " << v.blocks << " free";
  s.say(line);
  line << "inodes: " << v.free_inodes << " of " << v.inodes << " free";
  s.say(line);
  line << "cache: " << v.hits << " hits, " << v.misses << " misses, " << v.dirty << " pages to be written";
  s.say(line);
  line << "card: " << v.sectors_read << " sectors read, " << v.sectors_written << " written";
  s.say(line);
  line << reason_text(v.read_only);
  if (v.read_only != Reason::NONE) line << " at " << v.where << ": read-only";
  s.say(line);
}

void change_directory(Shell &s) {
  FileStatus status;
  i32 result = paths(s, 1, 1) ? s.files.stat(s.room->first, status) : static_cast<i32>(NAME_TOO_LONG);
  if (result == OK && status.mode >> 12 != FILE_DIRECTORY) result = NOT_DIRECTORY;
  if (result < 0) return complain(s, s.words[1], result);
  u32 n = 0;
  for (u32 i = 0; s.room->first[i] != 0;) {  // removes ".", ".." and repeated slashes
    u32 k = i + 1;
    while (s.room->first[k] != 0 && s.room->first[k] != '/') k++;
    u32 bytes = k - i - 1;
    const char *name = s.room->first + i + 1;
    if (bytes == 2 && name[0] == '.' && name[1] == '.') {
      while (n > 0 && s.room->directory[--n] != '/') {
      }
    } else if (bytes != 0 && !(bytes == 1 && name[0] == '.')) {
      for (; i < k; i++) s.room->second[n] = s.room->directory[n] = s.room->first[i], n++;
    }
    i = k;
  }
  if (n == 0) s.room->directory[n++] = '/';
  s.room->directory[n] = 0;
}

struct OfPath {
  const char *name;
  u32 method;
};
constexpr OfPath OF_PATH[] = {{"rm", FILES_REMOVE}, {"rmdir", FILES_RMDIR}, {"mkdir", FILES_MKDIR}};

void finish(Shell &s, const char *what, i32 result) {
  if (result < 0) complain(s, what, result);
}

}  // namespace

void file_help(Shell &s) {
  s.say("ls [DIR], cat FILE, hexdump FILE, stat FILE, df, sync    look at files");
  s.say("cp A B, mv A B, rm FILE, mkdir DIR, rmdir DIR, ln [-s] A B, cd DIR, pwd");
  s.say("echo TEXT > FILE      write a line; >> appends it");
}

bool file_command(Shell &s) {
  const char *command = s.words[0];
  for (const OfPath &o : OF_PATH) {
    if (!same(command, o.name) || !paths(s, 1, 1)) continue;
    finish(s, s.words[1], s.files.with_path(o.method, s.room->first, 0755));
    return true;
  }
  if (same(command, "ls") && s.count <= 2) {
    list(s);
  } else if (same(command, "cat") && s.count == 2) {
    cat(s);
  } else if (same(command, "hexdump") && s.count == 2) {
    dump(s);
  } else if (same(command, "stat") && s.count == 2) {
    stat(s);
  } else if (same(command, "cp") && paths(s, 1, 2) && into(s)) {
    finish(s, s.words[1], copy(s));
  } else if (same(command, "mv") && paths(s, 1, 2) && into(s)) {
    finish(s, s.words[1], s.files.rename(s.room->first, s.room->second));
  } else if (same(command, "ln") && s.count == 4 && same(s.words[1], "-s") && absolute(s, s.words[3], s.room->second)) {
    finish(s, s.words[3], s.files.symlink(s.words[2], s.room->second));
  } else if (same(command, "ln") && paths(s, 1, 2)) {
    finish(s, s.words[1], s.files.link(s.room->first, s.room->second));
  } else if (same(command, "echo")) {
    echo(s);
  } else if (same(command, "df") && s.count == 1) {
    free_space(s);
  } else if (same(command, "sync") && s.count == 1) {
    finish(s, command, s.files.sync());
  } else if (same(command, "cd") && s.count == 2) {
    change_directory(s);
  } else if (same(command, "pwd") && s.count == 1) {
    s.say(s.room->directory);
  } else {
    return false;
  }
  return true;
}

}  // namespace curios
