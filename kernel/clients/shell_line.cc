#include "shell.h"

namespace curios {
namespace {

constexpr char control_key(char letter) { return static_cast<char>(letter & 0x1f); }
constexpr char ESCAPE = 27, DELETE = 127, BACKSPACE = 8;

// Whether this is a continuation byte of UTF-8, which occupies no column.
bool continues(char c) { return (c & 0xc0) == 0x80; }

void copy(char *to, const char *from) {
  while ((*to++ = *from++) != 0) {
  }
}

}  // namespace

void Editor::begin(Handle at) {
  console = at;
  reading = grant(input, sizeof input, true);
  writing = grant(output, sizeof output);
}

void Editor::flush() {
  if (used != 0) call(console, CONSOLE_SHOW, writing, used);
  used = 0;
}

void Editor::show(char c) {
  if (used == SHOWN) flush();
  output[used++] = c;
}

void Editor::show(const char *shown) {
  while (*shown != 0) show(*shown++);
}

void Editor::show(u32 number) {
  if (number >= 10) show(number / 10);
  show(static_cast<char>('0' + number % 10));
}

u32 Editor::before(u32 at) const {
  if (at == 0) return 0;
  do at--;
  while (at != 0 && continues(text[at]));
  return at;
}

u32 Editor::after(u32 at) const {
  if (at == length) return at;
  do at++;
  while (at != length && continues(text[at]));
  return at;
}

u32 Editor::start_of_word() const {
  u32 at = cursor;
  while (at != 0 && text[at - 1] == ' ') at--;
  while (at != 0 && text[at - 1] != ' ') at--;
  return at;
}

// Redraws the line and places the cursor.
void Editor::redraw() {
  u32 start = cursor > WIDTH ? cursor - WIDTH : 0;
  while (start < cursor && continues(text[start])) start++;
  u32 end = length - start > WIDTH ? start + WIDTH : length, back = 0;
  show('\r');
  for (u32 i = start; i < end; i++) {
    show(text[i]);
    if (i >= cursor && !continues(text[i])) back++;
  }
  show("\033[K");
  if (back == 0) return;
  show("\033[");
  show(back);
  show('D');
}

void Editor::insert(char c) {
  if (length == LENGTH) return;
  for (u32 i = length; i > cursor; i--) text[i] = text[i - 1];
  text[cursor++] = c;
  length++;
  if (cursor == length && length <= WIDTH)
    show(c);
  else
    redraw();
}

// Removes the bytes [from, to); the cursor is at one of the two.
void Editor::remove(u32 from, u32 to) {
  if (from == to) return;
  bool last = to == length && to == cursor && length <= WIDTH && before(to) == from;
  for (u32 i = to; i < length; i++) text[from + i - to] = text[i];
  length -= to - from;
  cursor = from;
  if (last)
    show("\b \b");
  else
    redraw();
}

void Editor::move(u32 to) {
  if (to == cursor) return;
  cursor = to;
  redraw();
}

// Shows a line of the history, or the new line.
void Editor::recall(u32 line) {
  if (line > count || count - line >= LINES || line == recalled) return;
  text[length] = 0;
  if (recalled == count) copy(lines[count % LINES], text);
  recalled = line;
  copy(text, lines[line % LINES]);
  for (length = 0; text[length] != 0;) length++;
  cursor = length;
  redraw();
}

void Editor::remember() {
  if (length == 0 || (count != 0 && same(text, lines[(count - 1) % LINES]))) return;
  copy(lines[count % LINES], text);
  count++;
}

void Editor::control(char c) {
  switch (c) {
    case ESCAPE:
      escape = Escape::BEGUN;
      break;
    case BACKSPACE:
    case DELETE:
      remove(before(cursor), cursor);
      break;
    case control_key('A'):
      move(0);
      break;
    case control_key('B'):
      move(before(cursor));
      break;
    case control_key('C'):
      show("^C\n");
      length = cursor = 0;
      recalled = count;
      break;
    case control_key('D'):
      remove(cursor, after(cursor));
      break;
    case control_key('E'):
      move(length);
      break;
    case control_key('F'):
      move(after(cursor));
      break;
    case control_key('K'):
      remove(cursor, length);
      break;
    case control_key('N'):
      recall(recalled + 1);
      break;
    case control_key('P'):
      if (recalled != 0) recall(recalled - 1);
      break;
    case control_key('U'):
      remove(0, cursor);
      break;
    case control_key('W'):
      remove(start_of_word(), cursor);
      break;
    default:
      break;
  }
}

// A control sequence starts with ESC [ or ESC O; parameters and separators precede its final character.
void Editor::sequence(char c) {
  if (escape == Escape::BEGUN) {
    escape = c == '[' || c == 'O' ? Escape::SEQUENCE : Escape::NONE;
    parameter = 0;
    return;
  }
  if (c >= '0' && c <= '9') {
    if (escape == Escape::SEQUENCE) parameter = parameter * 10 + static_cast<u32>(c - '0');
    return;
  }
  if (c == ';') {
    escape = Escape::MODIFIED;
    return;
  }
  escape = Escape::NONE;
  constexpr char KEYS[] = "APBNCFDBHAFE", NUMBERED[] = "1A7A4E8E3D";
  const char *keys = KEYS;
  if (c == '~' && parameter < 10) {
    keys = NUMBERED;
    c = static_cast<char>('0' + parameter);
  }
  while (*keys != 0 && *keys != c) keys += 2;
  if (*keys != 0) control(control_key(keys[1]));
}

// Handles a key; true if it ends the line.
bool Editor::key(char c) {
  if (escape != Escape::NONE)
    sequence(c);
  else if (c == '\n')
    return true;
  else if (c < ' ' || c == DELETE)
    control(c);
  else
    insert(c);
  return false;
}

u32 Editor::read(char *to) {
  length = cursor = 0;
  recalled = count;
  escape = Escape::NONE;
  for (;;) {
    i32 typed = call(console, CONSOLE_KEYS, reading, sizeof input);
    for (i32 i = 0; i < typed; i++) {  // input ends with the line
      if (!key(input[i])) continue;
      show('\n');
      flush();
      text[length] = 0;
      remember();
      copy(to, text);
      return length;
    }
    flush();
  }
}

}  // namespace curios
