// The view of a protected object on the kernel. Internal linkage on purpose: each object gets its own
// copy inside its own code, for it cannot run the code of another.
#pragma once
#include "abi.h"
#include "layout.h"

namespace curios {
namespace {

// The stub that all protected calls go through; the kernel preserves all registers but r0 and r1.
[[gnu::noinline, maybe_unused]] int64_t invoke(word a, word b, word c, word d, word call) {
  register word r0 asm("r0") = a;
  register word r1 asm("r1") = b;
  register word r2 asm("r2") = c;
  register word r3 asm("r3") = d;
  register word r12 asm("r12") = call;
  asm volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r12) : "r"(r2), "r"(r3) : "memory");
  return int64_t(uint64_t(r1) << 32 | r0);
}

[[maybe_unused]] inline int call(Handle h, word method, word a = 0, word b = 0, word c = 0, word d = 0) {
  return int(invoke(a, b, c, d, h | method << kMethodShift));
}

[[maybe_unused]] inline int system(Sys number, word a = 0, word b = 0, word c = 0, word d = 0) {
  return int(invoke(a, b, c, d, word(number)));
}

[[maybe_unused]] inline int64_t now_us() { return invoke(0, 0, 0, 0, word(kSysNow)); }
[[maybe_unused]] inline void yield() { system(kSysYield); }
[[maybe_unused]] inline int wait_for(word key, word ms = 0) { return system(kSysWait, key, ms); }
[[maybe_unused]] inline int wake(word key) { return system(kSysWake, key); }
[[maybe_unused]] inline int connect(Handle h) { return system(kSysConnect, h); }
[[maybe_unused]] inline int disconnect(Handle h) { return system(kSysDisconnect, h); }
[[maybe_unused]] inline Handle grant(const void *p, word bytes, bool writable = false) {
  return Handle(system(kSysGrant, word(p), bytes, writable));
}
[[maybe_unused]] inline int drop(Handle h) { return system(kSysDrop, h); }
[[maybe_unused]] inline int copy_in(Handle theirs, word offset, void *to, word bytes) {
  return system(kSysCopyIn, theirs, offset, word(to), bytes);
}
[[maybe_unused]] inline int copy_out(Handle theirs, word offset, const void *from, word bytes) {
  return system(kSysCopyOut, theirs, offset, word(from), bytes);
}
[[maybe_unused]] inline word caller() { return word(system(kSysCaller)); }
[[maybe_unused]] inline word self_id() { return word(system(kSysSelf)); }
[[maybe_unused]] inline int inspect(Inspect what, word index) { return system(kSysInspect, word(what), index); }
[[maybe_unused]] inline void publish() { system(kSysPublish); }
[[maybe_unused]] inline void check(bool holds) {
  if (!holds) system(kSysAssert);
}
[[noreturn, maybe_unused]] inline void exit_run(int status) {
  system(kSysExit, word(status));
  for (;;) {
  }
}

} // namespace
} // namespace curios
