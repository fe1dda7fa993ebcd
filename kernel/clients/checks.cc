// Calls the services of measure/, in turn, to measure the cost of checks and of large states.
#include "client.h"

namespace curios {

constexpr u32 ROUNDS = 20;

static void checks(u32) {
  constexpr u32 SERVICES = 7;
  constexpr const char *NAMED[SERVICES] = {"mplain", "mdata", "mcode", "mwrites", "mlimit", "mhalf", "mlarge"};
  constexpr u32 IDS[SERVICES] = {11, 12, 13, 14, 16, 17, 18};
  Recorder records;
  Handle handles[SERVICES];
  for (u32 i = 0; i < SERVICES; i++) {
    handles[i] = records.find(NAMED[i]);
    records.join(IDS[i], handles[i]);
  }
  for (u32 round = 0; round < ROUNDS; round++)
    for (u32 i = 0; i < SERVICES; i++) records.use(IDS[i], handles[i], METERED_TOUCH);
  records.end();
  system(SYS_HALT, 0);
}

// It may halt the machine.
CLIENT(checks0, "checks0", INIT_ID, checks)

}  // namespace curios
