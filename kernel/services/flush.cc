// Writes pending changes to the card some time after the first of them, whatever clients do.
#include <curios/descriptor.h>
#include <curios/files.h>

namespace curios {

constexpr u32 WHILE_MS = 5000, PERIOD_MS = 100;  // it writes at a multiple of the period

static i32 nothing(void *) { return OK; }

static void run(u32) {
  NO_CALLER;
  Handle files = lookup("files");
  check(!failed(files));
  for (;;) {
    i32 result = call(files, FILES_AWAIT);
    check(result != DEAD && result != BAD_HANDLE && result != BAD_METHOD);
    if (result != OK) {
      wait(0, PERIOD_MS);
      continue;
    }
    u32 now = milliseconds();
    wait_until(0, now - now % PERIOD_MS + WHILE_MS);
    result = call(files, FILES_SYNC, 0);
    check(result != BAD_HANDLE && result != BAD_METHOD);
  }
}

METHODS = {{ENTRY(nothing), OK, OK, "nothing"}};

SERVICE(flush, FLUSH_ID, .main = ENTRY(run), .deadline = 20, .longest_wait = WHILE_MS, .checks = CHECK_CODE)

}  // namespace curios
