// A ring of what happened, and the table by which the laboratory reads the kernel's structures.
#include "kernel.h"

namespace curios {

struct Event {
  EventKind kind;
  u32 object, a, b;
  u64 at;  // microseconds
};
constexpr u32 EVENTS = 256;
extern "C" {
[[gnu::used]] Event event_ring[EVENTS];
[[gnu::used]] u32 event_count;
}

void event(EventKind kind, u32 object, u32 a, u32 b) {
  event_ring[event_count++ % EVENTS] = {kind, object, a, b, now_us()};
}

namespace {

struct Field {
  const char *type, *name;
  u16 offset, size;
};

#define FIELD(type, name) {#type, #name, static_cast<u16>(offsetof(type, name)), static_cast<u16>(sizeof(type::name))}
#define WHOLE(type) {#type, "", 0, static_cast<u16>(sizeof(type))}

}  // namespace

extern "C" {
// The last entry has no type.
[[gnu::used, gnu::section(".introspection")]] extern const Field introspection[] = {
    WHOLE(Object),
    FIELD(Object, gate),
    FIELD(Object, dacr),
    FIELD(Object, handles),
    FIELD(Object, handle_count),
    FIELD(Object, attention),
    FIELD(Object, deadline),
    FIELD(Object, calls),
    FIELD(Object, id),
    FIELD(Object, state),
    FIELD(Object, descriptor),
    FIELD(Object, domain),
    FIELD(Object, table),
    FIELD(Object, queue),
    FIELD(Object, ssrs),
    FIELD(Object, armed),
    FIELD(Object, restarts),
    FIELD(Object, heap_bytes),
    FIELD(Object, frames),
    FIELD(Object, quota_used),
    FIELD(Object, last_fault),
    FIELD(Object, fault_at),
    FIELD(Object, recovered_at),
    WHOLE(Descriptor),
    FIELD(Descriptor, name),
    FIELD(Descriptor, id),
    FIELD(Descriptor, code_load),
    FIELD(Descriptor, code_start),
    FIELD(Descriptor, code_end),
    FIELD(Descriptor, methods),
    FIELD(Descriptor, method_count),
    FIELD(Descriptor, state_bytes),
    FIELD(Descriptor, tag),
    FIELD(Descriptor, quota),
    FIELD(Descriptor, deadline),
    FIELD(Descriptor, rights),
    WHOLE(Method),
    FIELD(Method, entry),
    FIELD(Method, lowest),
    FIELD(Method, highest),
    FIELD(Method, name),
    WHOLE(HandleEntry),
    FIELD(HandleEntry, tag),
    FIELD(HandleEntry, methods),
    FIELD(HandleEntry, object),
    FIELD(HandleEntry, ssr),
    WHOLE(Ssr),
    FIELD(Ssr, mode),
    FIELD(Ssr, sum),
    FIELD(Ssr, pte),
    FIELD(Ssr, address),
    FIELD(Ssr, owner),
    FIELD(Ssr, server),
    FIELD(Ssr, next),
    FIELD(Ssr, bytes),
    FIELD(Ssr, kind),
    WHOLE(Thread),
    FIELD(Thread, frame),
    FIELD(Thread, state),
    FIELD(Thread, id),
    FIELD(Thread, priority),
    FIELD(Thread, key),
    FIELD(Thread, wake_at),
    FIELD(Thread, queued_for),
    FIELD(Thread, used),
    FIELD(Thread, frames),
    WHOLE(Frame),
    FIELD(Frame, r),
    FIELD(Frame, sp),
    FIELD(Frame, lr),
    FIELD(Frame, pc),
    FIELD(Frame, psr),
    FIELD(Frame, object),
    FIELD(Frame, ssr),
    FIELD(Frame, method),
    FIELD(Frame, budget),
    FIELD(Frame, attempt),
    WHOLE(Event),
    FIELD(Event, kind),
    FIELD(Event, object),
    FIELD(Event, a),
    FIELD(Event, b),
    FIELD(Event, at),
    {nullptr, nullptr, 0, 0},
};
}

}  // namespace curios
