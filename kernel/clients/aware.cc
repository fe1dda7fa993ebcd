// Policy `aware`: names, the console, and the services whose states are a few words.
#include "aware.h"

namespace curios::aware {

Handle find(const char *service) {
  Handle h = lookup(service);
  for (u32 i = 0; i < TRIES && has_restarted(static_cast<i32>(h)); i++) h = lookup(service);
  return h;
}

[[gnu::noinline]] static i32 use_console(Handle console, u32 method, Handle memory, u32 bytes) {
  i32 result = call(console, method, memory, bytes);
  for (u32 i = 0; i < TRIES && has_restarted(result); i++) {
    connect(console);
    result = call(console, method, memory, bytes);
  }
  return result;
}

i32 write(Handle console, Handle memory, u32 bytes) { return use_console(console, CONSOLE_WRITE, memory, bytes); }
i32 read(Handle console, Handle memory, u32 room) { return use_console(console, CONSOLE_READ, memory, room); }

Answer Words::ask(u32 service, Handle h, u32 method, u32 a, u32 b) {
  Answer r = made(h, method, a, b);
  for (u32 i = 0; i < TRIES && has_restarted(r.value) && bring_back(service, h); i++) r = made(h, method, a, b);
  if (r.value >= 0) note(service, method, a, b);
  return r;
}

// True if the request can be repeated.
bool Words::bring_back(u32 service, Handle h) const {
  i32 result = LOST;
  auto again = [&](u32 method, u32 a, u32 b = 0) {
    if (!has_restarted(result)) result = call(h, method, a, b);
  };
  for (u32 i = 0; i < TRIES && has_restarted(result); i++) {
    result = connect(h);
    if (service == STORE_ID)
      for (u32 k = 0; k < pair_count_; k++) again(STORE_PUT, pairs_[k].key, pairs_[k].value);
    if (service == COUNTER_ID) {
      if (change_count_ > MOST_CHANGES) return false;
      for (u32 k = 0; k < change_count_; k++) again(changes_[k].method, changes_[k].argument);
    }
    if (service == TIMER_ID && due_ != 0) {
      u64 now = microseconds();
      again(TIMER_SET, due_ > now ? static_cast<u32>(due_ - now) / 1000 + 1 : 1, period_);
    }
    if (service == SCHEDULER_ID && priority_ != 0) again(SCHEDULER_SET, priority_);
  }
  return !has_restarted(result);
}

void Words::note(u32 service, u32 method, u32 a, u32 b) {
  if (service == STORE_ID && method == STORE_PUT) put(a, b);
  if (service == STORE_ID && method == STORE_REMOVE) remove(a);
  if (service == COUNTER_ID && (method == COUNTER_ADD || method == COUNTER_TOUCH || method == COUNTER_TURN)) {
    if (change_count_ < MOST_CHANGES)
      changes_[change_count_] = {static_cast<u16>(method), static_cast<u16>(method == COUNTER_TOUCH ? 0 : a)};
    if (change_count_ <= MOST_CHANGES) change_count_++;
  }
  if (service == TIMER_ID && method == TIMER_SET) {
    due_ = microseconds() + static_cast<u64>(a) * 1000;
    period_ = b;
  }
  if (service == TIMER_ID && method == TIMER_WAIT) due_ = period_ == 0 ? 0 : due_ + static_cast<u64>(period_) * 1000;
  if (service == TIMER_ID && method == TIMER_CANCEL) due_ = 0;
  if (service == SCHEDULER_ID && method == SCHEDULER_SET) priority_ = a;
}

void Words::put(u32 key, u32 value) {
  u32 i = 0;
  while (i < pair_count_ && pairs_[i].key != key) i++;
  if (i == MOST_PAIRS) return;
  if (i == pair_count_) pair_count_++;
  pairs_[i] = {key, value};
}

void Words::remove(u32 key) {
  for (u32 i = 0; i < pair_count_; i++)
    if (pairs_[i].key == key) pairs_[i] = pairs_[--pair_count_];
}

}  // namespace curios::aware
