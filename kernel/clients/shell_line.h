// The line editor of the guest's shell: the cursor, edits, and the history.
#pragma once
#include <curios/services.h>

namespace curios {

// Reads keys and updates the screen with a few sequences of ECMA-48 that every terminal supports. It lies in memory
// that is zero at first.
class Editor {
 public:
  static constexpr u32 LENGTH = 100;  // maximum length of a line

  void begin(Handle at);
  // Reads a line and returns its length; `to` has room for LENGTH characters and a zero.
  u32 read(char *to);

 private:
  static constexpr u32 LINES = 16;    // of history
  static constexpr u32 WIDTH = 78;    // columns used; a longer line scrolls
  static constexpr u32 SHOWN = 100;   // characters sent at a time
  enum class Escape : u8 { NONE, BEGUN, SEQUENCE, MODIFIED };  // the parameter after a semicolon encodes modifier keys

  bool key(char c);
  void control(char c);
  void sequence(char c);
  void insert(char c);
  void remove(u32 from, u32 to);
  void move(u32 to);
  void recall(u32 line);
  void remember();
  void redraw();
  u32 before(u32 at) const;
  u32 after(u32 at) const;
  u32 start_of_word() const;
  void show(char c);
  void show(const char *text);
  void show(u32 number);
  void flush();

  Handle console, reading, writing;
  char input[LENGTH];
  char text[LENGTH + 1];
  u32 length, cursor;
  Escape escape;
  u32 parameter;                      // the first one of a sequence
  char lines[LINES][LENGTH + 1];      // line n is in place n % LINES
  u32 count, recalled;                // lines entered; the line shown, `count` for the new one
  char output[SHOWN];
  u32 used;
};

}  // namespace curios
