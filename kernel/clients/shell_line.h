// The line that is typed at the guest's shell: the cursor, what changes the line, and the lines from before.
#pragma once
#include <curios/services.h>

namespace curios {

// Reads keys, and shows what they do with a few of the sequences of ECMA-48 that every terminal knows. It lies in memory
// that is zero at first.
class Editor {
 public:
  static constexpr u32 LENGTH = 100;  // characters of a line, at most

  void begin(Handle at);
  // Waits for a line and returns its length; `to` has room for LENGTH characters and a zero.
  u32 read(char *to);

 private:
  static constexpr u32 LINES = 16;    // from before
  static constexpr u32 WIDTH = 78;    // columns that are used: a longer line is moved to the left
  static constexpr u32 SHOWN = 100;   // characters sent at a time
  enum class Escape : u8 { NONE, BEGUN, SEQUENCE, MODIFIED };  // what follows a semicolon are keys that are held down

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
  u32 parameter;                      // of a sequence, the first one
  char lines[LINES][LENGTH + 1];      // line n is in place n % LINES
  u32 count, recalled;                // lines that there have been; which one is shown, `count` for a new one
  char output[SHOWN];
  u32 used;
};

}  // namespace curios
