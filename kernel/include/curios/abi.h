// What kernel and protected objects agree on: handles, errors, system calls, descriptors.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace curios {

using word = uint32_t;

// A handle names an entry of the caller's own table in the kernel: bits 0-7 index, 8-23 generation.
// A call word is a handle with the method in bits 24-28. It is never 0 and never negative.
using Handle = word;
constexpr word kMethodShift = 24;
constexpr word kHandleMask = 0x00ffffff;

enum Error : int {
  kOk = 0,
  kErrHandle = -1,       // no such handle, or its generation is over
  kErrMethod = -2,       // the handle does not carry this method
  kErrDead = -3,         // the object has failed for good
  kErrFault = -4,        // the request faulted, and faulted again when replayed
  kErrQuota = -5,        // the client's quota is used up
  kErrBusy = -6,         // the SSR is in use by another thread of the client
  kErrMemory = -7,       // a buffer is not the caller's, or memory is out
  kErrArgument = -8,
  kErrLost = -10,        // the server lost this client's session (policies without SSRs)
  kErrQuarantined = -11, // the SSR failed its check
  kErrDeadlock = -12,    // waiting for this object would never end
  kErrRight = -13,
  kErrDepth = -14,       // calls nested too deep
  kErrAbsent = -15,
  kErrFull = -16,
};

// System calls: r12 is one of these, arguments in r0-r3. 0 is the return from a protected call.
enum Sys : int {
  kSysReturn = 0,
  kSysYield = -1,
  kSysExitThread = -2,
  kSysWait = -3,       // key, milliseconds or 0 for ever: leave the monitor until woken
  kSysWake = -4,       // key
  kSysNow = -5,        // microseconds, 64 bits in r0:r1
  kSysConnect = -6,    // handle
  kSysDisconnect = -7, // handle
  kSysGive = -8,       // handle, methods: a copy for the caller of the present call
  kSysGrant = -9,      // address, bytes, writable: a memory handle
  kSysCopyIn = -10,    // caller's memory handle, offset, destination, bytes
  kSysCopyOut = -11,   // caller's memory handle, offset, source, bytes
  kSysDrop = -12,      // handle
  kSysCaller = -13,    // id of the calling object
  kSysAssert = -14,    // failed assertion: a fault of the object
  kSysPublish = -15,   // policy `datastore`: publish the SSR of this request
  kSysIrqWait = -16,   // interrupt line
  kSysPriority = -17,  // object id, priority, slice
  kSysInject = -18,    // object id, fault kind
  kSysInspect = -19,   // what, index
  kSysExit = -20,      // status: ends the run
  kSysSelf = -21,      // id of the running object
  kSysSpawn = -22,     // object id: starts its thread
  kSysArguments = -23, // word index of the boot arguments
  kSysLog = -24,       // up to 16 characters in r0-r3
  kSysLast = -24,
};

// Ways to break a service, for the guest shell and for tests. The lab has its own, from outside.
enum class Crash : word { none, abort, undefined, assertion, hang, stack, contract, ssr, jump, count };

// What a fault was found by.
enum class Fault : word {
  none, data_abort, prefetch_abort, undefined, assertion, stack_overrun, deadline, ssr_check,
  contract, broken_stack, count
};

enum class Policy : word { none, restart, datastore, hot, snapshot, ssr, ssr_packed, count };

enum class Inspect : word { state, calls, restarts, ssrs, memory, policy, name0, name1, recovered_us, objects, threads };

// A method as the kernel sees it: where it starts and what it may return.
struct Method {
  word entry;
  int lowest;
  int highest;
  const char *name;
};

// Rights beyond the handles.
enum Right : word { kRightSchedule = 1, kRightLab = 2, kRightExit = 4, kRightDock = 8 };

// The static description of a protected object; lives in the image, read by the kernel only.
struct Descriptor {
  char name[8];
  word id;               // region of addresses and index in the object table
  const void *image;     // initial private data
  word image_bytes;      // at most kDataBytes
  const Method *methods;
  word method_count;
  word construct;        // entry run at birth and in recovery, or 0
  word recover;          // entry run with each SSR in recovery, or 0: needs no client states
  word main;             // entry of its own thread, or 0
  word ssr_bytes;        // size of the state per client, 0 for none
  word tag;              // magic << 16 | version: first word of each SSR
  word heap_limit;       // bytes
  word quota;            // bytes of SSRs it may own in servers
  word budget;           // milliseconds of its own time a call may take
  word rights;
  word device;           // physical address of its device granules, or 0
  word code_start, code_end; // addresses of its code in its region, 0 for shared code
  word code_load;        // where the image holds that code
  word priority;
};

} // namespace curios
