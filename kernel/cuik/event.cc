// The ring of events, and the tables from which the laboratory reads the kernel's structures.
#include <curios/introspect.h>
#include <curios/net.h>

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

const char *fault_text(Fault f) {
  static constexpr const char *TEXTS[] = {FAULT_WORDS(WORD_NAME)};
  return TEXTS[static_cast<u32>(f)];
}

void event(EventKind kind, u32 object, u32 a, u32 b) {
  event_ring[event_count++ % EVENTS] = {kind, object, a, b, now_us()};
}

#define FIELD(type, name) FIELD_OF(#type, type, name)
#define NOTED(type, name) FIELD_AS(#type, type, name, Show::NOTED)
#define WHOLE(type) WHOLE_OF(#type, type)

// An area of every object's section, in granules.
#define AREA(name, start, end) \
  {"Section", name, static_cast<u16>((start) / GRANULE), static_cast<u16>(((end) - (start)) / GRANULE), 1, 0, Show::HEX, {}}

INTROSPECTION = {
    AREA("private data", HOME_DATA, HOME_TABLE),
    AREA("guard and page table", HOME_TABLE, HOME_STACK),
    AREA("home stack", HOME_STACK, HOME_RECORD),
    AREA("record", HOME_RECORD, HOME_RECORD + GRANULE),
    AREA("heap", HEAP, HEAP_END),
    AREA("mapped state", STATES, STATES_END),
    AREA("code", CODE, STACKS),
    AREA("further stack", STACKS, STACKS_END),
    WHOLE(Object),
    FIELD(Object, gate),
    FIELD(Object, dacr),
    FIELD(Object, handles),
    FIELD(Object, handle_count),
    FIELD(Object, attention),
    FIELD(Object, checked_gate),
    FIELD(Object, private_bytes),
    FIELD(Object, private_sum),
    FIELD(Object, suspect),
    FIELD(Object, uncommitted),
    FIELD(Object, handle_owners),
    FIELD(Object, deadline),
    FIELD(Object, stretch),
    NOTED(Object, calls),
    FIELD(Object, id),
    FIELD(Object, state),
    FIELD(Object, descriptor),
    FIELD(Object, domain),
    FIELD(Object, table),
    FIELD(Object, kept_table),
    FIELD(Object, queue),
    FIELD(Object, ssrs),
    FIELD(Object, armed),
    FIELD(Object, armed_after),
    FIELD(Object, armed_client),
    FIELD(Object, armed_with),
    NOTED(Object, restarts),
    FIELD(Object, heap_bytes),
    FIELD(Object, frames),
    FIELD(Object, quota_used),
    NOTED(Object, last_fault),
    NOTED(Object, fault_at),
    NOTED(Object, recovered_at),
    FIELD(Object, stack_count),
    NOTED(Object, window_start),
    NOTED(Object, window_restarts),
    NOTED(Object, recovery_attempts),
    NOTED(Object, recovery_started),
    NOTED(Object, strikes),
    WHOLE(Descriptor),
    FIELD(Descriptor, name),
    FIELD(Descriptor, id),
    FIELD(Descriptor, data_load),
    FIELD(Descriptor, data_start),
    FIELD(Descriptor, data_end),
    FIELD(Descriptor, code_load),
    FIELD(Descriptor, code_start),
    FIELD(Descriptor, code_end),
    FIELD(Descriptor, methods),
    FIELD(Descriptor, method_count),
    FIELD(Descriptor, construct),
    FIELD(Descriptor, recover),
    FIELD(Descriptor, main),
    FIELD(Descriptor, state_bytes),
    FIELD(Descriptor, tag),
    FIELD(Descriptor, heap_limit),
    FIELD(Descriptor, kept),
    FIELD(Descriptor, kept_summed),
    FIELD(Descriptor, quota),
    FIELD(Descriptor, deadline),
    FIELD(Descriptor, rights),
    FIELD(Descriptor, device),
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
    FIELD(Ssr, flags),
    WHOLE(Thread),
    FIELD(Thread, next),
    FIELD(Thread, frame),
    FIELD(Thread, state),
    FIELD(Thread, id),
    FIELD(Thread, priority),
    FIELD(Thread, key),
    FIELD(Thread, lines),
    FIELD_AS("Thread", Thread, wake_at, Show::DUE),
    FIELD(Thread, queued_for),
    FIELD_AS("Thread", Thread, expires, Show::DUE),
    NOTED(Thread, used),
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
    FIELD(Frame, stack),
    FIELD(Frame, call),
    FIELD(Frame, budget),
    FIELD(Frame, attempt),
    FIELD(Frame, top),
    WHOLE(Event),
    FIELD(Event, kind),
    FIELD(Event, object),
    FIELD(Event, a),
    FIELD(Event, b),
    FIELD(Event, at),
};

#define ROW(kind_, number_, name_, text_) {kind_, name_, text_, static_cast<i32>(number_)},
#define EVENT_ROW(name_, word_, text_) ROW("event", EventKind::name_, word_, text_)
#define DETECTION_ROW(name_, text_) ROW("detection", EventKind::name_, #name_, text_)
#define CRASH_ROW(name_, word_, text_) ROW("crash", Crash::name_, #word_, text_)
#define INJECTION_ROW(name_, word_, text_) ROW("injection", Crash::name_, word_, text_)
#define FAULT_ROW(name_, word_, text_) ROW("fault", Fault::name_, word_, text_)
#define POLICY_ROW(name_, word_, text_) ROW("policy", Policy::name_, word_, text_)
#define OBJECT_ROW(name_, word_, text_) ROW("object", ObjectState::name_, word_, text_)
#define MODE_ROW(name_, word_, text_) ROW("mode", Mode::name_, word_, text_)
#define THREAD_ROW(name_, word_, text_) ROW("thread", ThreadState::name_, word_, text_)
#define SOCKET_ROW(name_, word_, text_) ROW("socket", SocketKind::name_, word_, text_)
#define TCP_ROW(name_, word_, text_) ROW("tcp", TcpState::name_, word_, text_)
#define ERROR_ROW(name_, number_, text_) ROW("error", number_, #name_, text_)
#define ANSWER_ROW(name_, number_, text_) ROW("answer", number_, #name_, text_)
#define CLOSED_ROW(field_, value_) ROW("closed", value_, #field_, "")

WORD_TABLE = {
    EVENT_WORDS(EVENT_ROW)
    DETECTION_WORDS(DETECTION_ROW)
    CRASH_WORDS(CRASH_ROW)
    INJECTION_WORDS(INJECTION_ROW)
    FAULT_WORDS(FAULT_ROW)
    POLICY_WORDS(POLICY_ROW)
    OBJECT_WORDS(OBJECT_ROW)
    MODE_WORDS(MODE_ROW)
    THREAD_WORDS(THREAD_ROW)
    SOCKET_WORDS(SOCKET_ROW)
    TCP_WORDS(TCP_ROW)
    ERROR_WORDS(ERROR_ROW)
    ANSWER_WORDS(ANSWER_ROW)
    CLOSED_GATE(CLOSED_ROW)
    CONSTANT(SYS_COPY_IN)
    CONSTANT(SYS_COPY_OUT)
    CONSTANT(SYS_COMMIT)
    CONSTANT(SYS_ASKED)
    CONSTANT(SYS_KEEP)
    CONSTANT(SYS_KEEP_FROM)
    CONSTANT(SYS_KEEP_ALL)
    CONSTANT(SYS_KEPT_MEND)
    CONSTANT(SYS_SOUND)
    CONSTANT(GRANULE)
    CONSTANT(KEPT_UNIT)
    CONSTANT(PAGE_BYTES)
    CONSTANT(HEAP)
    CONSTANT(HEAP_END)
    CONSTANT(SECTIONS)
    CONSTANT(MAX_OBJECTS)
    CONSTANT(MAX_THREADS)
    CONSTANT(METHOD_MASK)
    CONSTANT(HANDLE_MASK)
    CONSTANT(WRITABLE)
    CONSTANT(EVENTS)
    CONSTANT(SOCKET_ENDED)
};

}  // namespace curios
