// The vocabulary of CuriOS. Each list defines the numbers of an enum and a row for each in a table of the image:
// number, name, text (WORD_TABLE in event.cc). The laboratory reads the words from there; they are written nowhere
// else.
#pragma once

namespace curios {

// X(ENUMERATOR, "name", "text"). In the text of an event, {a} and {b} stand for its two values. A word before a colon
// says how a value is shown: {fault:a}, {crash:a}, {object:a} (its name), {result:a} (an error or a number), {hex:a},
// {us:a} (a time in microseconds), {next:a} (counted from 1), {count:a|word} (as in "2 words"). In the others, the text
// after a bar is shown for 0.
#define EVENT_WORDS(X)                                                    \
  X(NONE, "none", "")                                                     \
  X(BOOT, "boot", "policy {policy:a}")                                    \
  X(FAULT, "fault", "{fault:a} at {hex:b}")                               \
  X(RECOVERED, "recovered", "after {us:a}, restart {b}")                  \
  X(FAILED, "failed", "given up: {fault:a} after {b} restarts")           \
  X(QUARANTINE, "quarantine", "the state of {object:a}")                  \
  X(ENDED, "ended", "{fault:a|by itself}")                                \
  X(ARMED, "armed", "{crash:a}, in a request of {object:b}")              \
  X(REPLAY, "replay", "the request of {object:a}")                        \
  X(ERROR, "error", "{object:a} gets {result:b}")                         \
  X(MENDED, "mended", "{count:a|word} of its code put back")              \
  X(STATE_MENDED, "state-mended", "the state of {object:a}, from its second copy") \
  X(DISAGREED, "disagreed", "run {next:a}, at {hex:b}")                   \
  X(TRIPPED, "tripped", "")

// X(ENUMERATOR, "text"). The events, besides faults, that report detected damage; the text says what is damaged.
#define DETECTION_WORDS(X)                 \
  X(QUARANTINE, "damaged state")           \
  X(STATE_MENDED, "damaged state")         \
  X(MENDED, "damaged code")                \
  X(DISAGREED, "runs that disagree")       \
  X(TRIPPED, "exception in the kernel")

// X(ENUMERATOR, name, "text"). Kinds of crash: crash_NAME in library.S runs in place of the method.
#define CRASH_WORDS(X)                                                    \
  X(ABORT, abort, "load from address 0 in place of the method")        \
  X(UNDEFINED, undef, "an undefined instruction")                       \
  X(ASSERT, assert, "a failed assertion")                               \
  X(HANG, hang, "loop forever")                                        \
  X(STACK, stack, "overrun the stack")                                  \
  X(CONTRACT, contract, "return what the method may not")               \
  X(STATE, state, "overwrite the client's state")                       \
  X(JUMP, jump, "jump to where no code is")

// X(ENUMERATOR, "name", "text"). Kinds of crash that the laboratory injects after the entry of the method.
#define INJECTION_WORDS(X)                                                \
  X(REGISTER, "bitflip", "flip a bit of a register while the method runs") \
  X(CODE, "code", "make the method's first instruction undefined, or flip a bit of an instruction") \
  X(MEMORY, "ssr", "flip a bit of a server state region: at once, or with --at or --client at a request")

// How a fault was detected.
#define FAULT_WORDS(X)                                                    \
  X(NONE, "nothing", "")                                                  \
  X(DATA_ABORT, "data abort", "")                                         \
  X(PREFETCH_ABORT, "prefetch abort", "")                                 \
  X(UNDEFINED, "undefined instruction", "")                               \
  X(ASSERTION, "failed assertion", "")                                    \
  X(STACK_OVERRUN, "stack overrun", "")                                   \
  X(DEADLINE, "deadline", "")                                             \
  X(STATE_CHECK, "damaged state", "")                                     \
  X(CONTRACT, "result outside its contract", "")                          \
  X(BROKEN_STACK, "broken stack", "")                                     \
  X(PRIVATE_CHECK, "damaged private data", "")                            \
  X(CODE_CHECK, "damaged code", "")                                       \
  X(LIMIT, "beyond its limits", "")                                       \
  X(DISAGREEMENT, "runs that disagree", "")

// The recovery policies; POLICIES (policy.h) has a row for each.
#define POLICY_WORDS(X)                                                   \
  X(NONE, "none", "the service is gone, and its clients get errors (L4)") \
  X(RESTART, "restart", "it restarts, and its states are lost (MINIX 3)") \
  X(AWARE, "aware", "it restarts, and its clients bring back what they had there") \
  X(DATASTORE, "datastore", "states are as they were published last (MINIX 3 with its data store)") \
  X(HOT, "hot", "states stay, unchecked (Chorus)")                        \
  X(SSR, "ssr", "server state regions of granules (CuriOS)")              \
  X(SSR_PACKED, "ssr-packed", "server state regions that are copied and checked (CuriOS, further)") \
  X(SSR_TWICE, "ssr-twice", "the same, and services do everything twice")

#define OBJECT_WORDS(X)                                                   \
  X(ABSENT, "absent", "")                                                 \
  X(ACTIVE, "active", "")                                                 \
  X(RECOVERING, "recovering", "")                                         \
  X(FAILED, "failed", "")                                                 \
  X(GONE, "gone", "")

// Modes and kinds of an SSR. BUSY: a request of the client is in the server.
#define MODE_WORDS(X)                                                     \
  X(BUSY, "busy", "")                                                     \
  X(MAPPED, "mapped", "")                                                 \
  X(PACKED, "packed", "")                                                 \
  X(OPEN, "open", "")                                                     \
  X(QUARANTINED, "quarantined", "")                                       \
  X(LOST, "lost", "")                                                     \
  X(SHADOWED, "shadowed", "")

// QUEUED: waits to enter an object. WAITING: has left its object to others until it is woken.
#define THREAD_WORDS(X)                                                   \
  X(FREE, "free", "")                                                     \
  X(READY, "ready", "")                                                   \
  X(QUEUED, "queued", "")                                                 \
  X(WAITING, "waiting", "")

// X(ENUMERATOR, number, "text"): errors that the kernel returns to a caller.
#define ERROR_WORDS(X)                                                    \
  X(BAD_HANDLE, -1, "no such handle of the caller")                       \
  X(BAD_METHOD, -2, "the handle does not carry this method")              \
  X(DEAD, -3, "the object has failed for good")                           \
  X(FAULTED, -4, "the request faulted, and when replayed faulted again")  \
  X(NO_QUOTA, -5, "the client's quota is used up")                        \
  X(NO_MEMORY, -6, "memory is out, or a buffer is not the caller's")      \
  X(LOST, -8, "the server has lost this client's session (policies without SSRs)") \
  X(QUARANTINED, -9, "the client's SSR failed its check")                 \
  X(DEADLOCK, -10, "the caller would wait for itself")                    \
  X(NO_RIGHT, -11, "the caller lacks the right")                          \
  X(TOO_DEEP, -12, "calls nested too deep")                               \
  X(TIMED_OUT, -17, "the caller's time limit for the call is over")

// The same for errors that services also return.
#define ANSWER_WORDS(X)                                                   \
  X(OK, 0, "")                                                            \
  X(BAD_ARGUMENT, -7, "an argument has no meaning here")                  \
  X(ABSENT, -13, "there is nothing of that name or number")               \
  X(FULL, -14, "there is no room")                                        \
  X(CONNECTED, -15, "the handle has an SSR already")                      \
  X(NOT_CONNECTED, -16, "the handle has no SSR")

// Kinds of socket.
#define SOCKET_WORDS(X)                                                   \
  X(FREE, "free", "")                                                     \
  X(TCP, "tcp", "")                                                       \
  X(UDP, "udp", "")                                                       \
  X(ECHO, "echo", "")

// States of a TCP connection, by their names in RFC 9293, 3.3.2.
#define TCP_WORDS(X)                                                      \
  X(CLOSED, "closed", "")                                                 \
  X(LISTEN, "listen", "")                                                 \
  X(SYN_SENT, "syn-sent", "")                                             \
  X(SYN_RECEIVED, "syn-received", "")                                     \
  X(ESTABLISHED, "established", "")                                       \
  X(FIN_WAIT_1, "fin-wait-1", "")                                         \
  X(FIN_WAIT_2, "fin-wait-2", "")                                         \
  X(CLOSE_WAIT, "close-wait", "")                                         \
  X(CLOSING, "closing", "")                                               \
  X(LAST_ACK, "last-ack", "")                                             \
  X(TIME_WAIT, "time-wait", "")

// X(field, value): the fields of an object whose gate is closed; the fast path then leaves its calls and returns to the
// slow one. The laboratory closes the gate to inject a crash.
#define CLOSED_GATE(X)                                                    \
  X(gate, 0)                                                              \
  X(checked_gate, 0)                                                      \
  X(attention, ATTENTION_SLOW)

#define ENUMERATOR(name_, word_, text_) name_,
#define NUMBERED(name_, number_, text_) name_ = number_,
enum class EventKind : u32 { EVENT_WORDS(ENUMERATOR) COUNT };
enum class Crash : u32 { NONE, CRASH_WORDS(ENUMERATOR) INJECTION_WORDS(ENUMERATOR) COUNT };
enum class Fault : u32 { FAULT_WORDS(ENUMERATOR) COUNT };
enum class Policy : u32 { POLICY_WORDS(ENUMERATOR) COUNT };
enum class ObjectState : u32 { OBJECT_WORDS(ENUMERATOR) };
enum class Mode : u32 { MODE_WORDS(ENUMERATOR) };
enum class ThreadState : u32 { THREAD_WORDS(ENUMERATOR) };
enum class SocketKind : u8 { SOCKET_WORDS(ENUMERATOR) };
enum class TcpState : u8 { TCP_WORDS(ENUMERATOR) };
enum Error : i32 { ERROR_WORDS(NUMBERED) ANSWER_WORDS(NUMBERED) };
#undef ENUMERATOR
#undef NUMBERED

#define WORD_NAME(name_, word_, text_) word_,

}  // namespace curios
