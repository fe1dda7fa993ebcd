// Handles: entries of an object's table, which only the kernel can access. The generation invalidates old handles.
//
// The sequence of generations is each object's own, and a restart or an undone request takes its steps back: afterwards
// handles are those that would have been made without the fault.
//
// Each handle belongs to the session in whose request it was made, or to the incarnation of the object that made it, so
// a disconnect or a restart releases it. A request's changes to handles take effect when it commits or returns, and are
// undone if it faults before that.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 INDEX = 0xff, GENERATION_SHIFT = 8, GENERATIONS = 1 << 16;
constexpr u32 RESERVED = 2;      // 1 is the generation of NAMES
constexpr u32 GROWN_HANDLES = PAGE_BYTES / (sizeof(HandleEntry) + sizeof(u32));

// The sequence of an object's generations. It cannot predict it from its own handles: a permutation of 16 bits (four
// Feistel rounds).
u32 generation(const Object *o, u32 n) {
  u32 key = handle_secret + o->id * 0x85ebca6bu;
  u32 left = n >> 8, right = n & 0xff;
  for (u32 round = 0; round < 4; round++) {
    u32 mixed = (right + key + round) * 0x9e3779b9u;
    u32 next = left ^ (mixed >> 24);
    left = right;
    right = next;
  }
  return left << 8 | right;
}

bool grow(Object *o) {
  if (o->handle_count != HOME_HANDLES) return false;
  u8 *more = static_cast<u8 *>(page_alloc());
  if (more == nullptr) return false;
  HandleEntry *entries = reinterpret_cast<HandleEntry *>(more);
  u32 *owners = reinterpret_cast<u32 *>(more + GROWN_HANDLES * sizeof(HandleEntry));
  copy(entries, o->home_handles, sizeof o->home_handles);
  copy(owners, o->home_owners, sizeof o->home_owners);
  o->handles = entries;
  o->handle_owners = owners;
  o->handle_count = GROWN_HANDLES;
  o->frames++;
  return true;
}

u32 &owner_of(Object *o, const HandleEntry *e) { return o->handle_owners[e - o->handles]; }

void mark(Object *o, u32 &owner, u32 flag) {
  if ((owner & HANDLE_FLAGS) == 0) o->uncommitted++;
  owner |= flag;
  o->attention = ATTENTION_SLOW;  // the return commits it
}

void unmark(Object *o, u32 &owner) {
  if ((owner & HANDLE_FLAGS) != 0) o->uncommitted--;
  owner &= ~HANDLE_FLAGS;
}

// Ends a session at the client's end.
void end_session(HandleEntry &e) {
  if (e.object == nullptr || e.ssr == nullptr) return;
  Ssr *s = e.ssr;
  e.ssr = nullptr;
  state_destroy(e.object, s);
}

// Generations alternate between the two kinds of handles.
u32 &made(Object *o, u32 owner) { return owner == 0 ? o->made_by_incarnation : o->made_by_requests; }

void remove(Object *o, HandleEntry &e) {
  unmark(o, owner_of(o, &e));
  owner_of(o, &e) = 0;
  end_session(e);
  e = HandleEntry{};
}

// The session to which an activation's handles belong; null for the object's incarnation.
Ssr *session_of(const Frame *f) { return f->method != nullptr ? f->ssr : nullptr; }

}  // namespace

u32 handle_secret;

HandleEntry *handle_find(Object *o, u32 call) {
  u32 index = call & INDEX;
  if (index >= o->handle_count || o->handles[index].tag == 0 || o->handles[index].tag != (call & HANDLE_MASK))
    return nullptr;
  return &o->handles[index];
}

Handle handle_new(const Frame *f, Object *target, u32 methods, u32 address) {
  Object *o = f->object;
  for (;;) {
    for (u32 i = 0; i < o->handle_count; i++) {
      HandleEntry &e = o->handles[i];
      if (e.tag != 0) continue;
      u32 &owner = o->handle_owners[i];
      owner = address_of(session_of(f));
      u32 &count = made(o, owner), g;
      do g = generation(o, (count++ * 2 + (owner != 0 ? 1 : 0)) % GENERATIONS);
      while (g < RESERVED);
      e.tag = i | g << GENERATION_SHIFT;
      e.methods = methods;
      e.object = target;
      e.address = address;
      if (owner != 0) {
        session_of(f)->flags |= HAS_HANDLES;
        mark(o, owner, HANDLE_MADE);
      }
      return e.tag;
    }
    if (!grow(o)) return static_cast<Handle>(NO_MEMORY);
  }
}

i32 handle_drop(const Frame *f, Handle h) {
  Object *o = f->object;
  HandleEntry *e = handle_find(o, h);
  if (e == nullptr) return BAD_HANDLE;
  u32 &owner = owner_of(o, e);
  if (owner != 0 && (owner & ~HANDLE_FLAGS) != address_of(session_of(f))) return NO_RIGHT;
  if (owner == 0 || (owner & HANDLE_MADE) != 0) {
    remove(o, *e);
    return OK;
  }
  mark(o, owner, HANDLE_DROPPED);
  e->tag |= HANDLE_HIDDEN;
  return OK;
}

void handle_take_back(Object *o, Handle h) {
  HandleEntry *e = handle_find(o, h);
  if (e == nullptr) return;
  made(o, owner_of(o, e))--;
  remove(o, *e);
}

void handle_connected(const Frame *f, HandleEntry *e) {
  u32 &owner = owner_of(f->object, e);
  if (session_of(f) != nullptr && owner != 0) mark(f->object, owner, HANDLE_CONNECTED);
}

void handles_commit(Object *o, const Ssr *session) {
  for (u32 i = 0; o->uncommitted != 0 && i < o->handle_count; i++) {
    u32 &owner = o->handle_owners[i];
    if ((owner & HANDLE_FLAGS) == 0 || (owner & ~HANDLE_FLAGS) != address_of(session)) continue;
    if ((owner & HANDLE_DROPPED) != 0)
      remove(o, o->handles[i]);
    else
      unmark(o, owner);
  }
}

void handles_undo(Object *o, const Ssr *session) {
  for (u32 i = 0; o->uncommitted != 0 && i < o->handle_count; i++) {
    u32 &owner = o->handle_owners[i];
    if ((owner & HANDLE_FLAGS) == 0 || (owner & ~HANDLE_FLAGS) != address_of(session)) continue;
    HandleEntry &e = o->handles[i];
    if ((owner & HANDLE_MADE) != 0) {
      made(o, owner)--;
      remove(o, e);
      continue;
    }
    if ((owner & HANDLE_CONNECTED) != 0) end_session(e);
    e.tag &= ~HANDLE_HIDDEN;
    unmark(o, owner);
  }
}

void handles_of_session(Object *o, const Ssr *session) {
  if ((session->flags & HAS_HANDLES) == 0) return;
  for (u32 i = 0; i < o->handle_count; i++)
    if (o->handles[i].tag != 0 && (o->handle_owners[i] & ~HANDLE_FLAGS) == address_of(session)) remove(o, o->handles[i]);
}

void handles_of_incarnation(Object *o) {
  o->made_by_incarnation = 0;
  for (u32 i = 1; i < o->handle_count; i++) {
    HandleEntry &e = o->handles[i];
    if (e.tag == 0 || o->handle_owners[i] != 0) continue;
    if (e.object != nullptr && e.ssr != nullptr) {
      e.ssr->flags |= ORPHAN;
      o->orphans = 1;
      e.ssr = nullptr;
    }
    remove(o, e);
  }
}

void handles_all(Object *o) {
  for (u32 i = 0; i < o->handle_count; i++)
    if (o->handles[i].tag != 0) remove(o, o->handles[i]);
}

}  // namespace curios
