// Handles: entries of an object's table, which only the kernel sees. The generation makes an old handle worthless.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 INDEX = 0xff, GENERATION = 1 << 8;
constexpr u32 GROWN_HANDLES = 255;
constexpr u32 FIRST_GENERATION = 2;  // 1 is that of NAMES
u32 next_generation = FIRST_GENERATION;

bool grow(Object *o) {
  if (o->handle_count != HOME_HANDLES) return false;
  HandleEntry *more = static_cast<HandleEntry *>(frame_alloc());
  if (more == nullptr) return false;
  copy(more, o->home_handles, sizeof o->home_handles);
  o->handles = more;
  o->handle_count = GROWN_HANDLES;
  o->frames++;
  return true;
}

}  // namespace

HandleEntry *handle_find(Object *o, u32 call) {
  u32 index = call & INDEX;
  if (index >= o->handle_count || o->handles[index].tag == 0 || o->handles[index].tag != (call & HANDLE_MASK))
    return nullptr;
  return &o->handles[index];
}

Handle handle_new(Object *o, Object *target, u32 methods, u32 address_or_ssr) {
  for (;;) {
    for (u32 i = 0; i < o->handle_count; i++) {
      HandleEntry &e = o->handles[i];
      if (e.tag != 0) continue;
      e.tag = i | GENERATION * next_generation;
      if (++next_generation == 0x10000) next_generation = FIRST_GENERATION;
      e.methods = methods;
      e.object = target;
      e.address = address_or_ssr;
      return e.tag;
    }
    if (!grow(o)) return static_cast<Handle>(NO_MEMORY);
  }
}

i32 handle_drop(Object *o, Handle h) {
  HandleEntry *e = handle_find(o, h);
  if (e == nullptr) return BAD_HANDLE;
  if (e->object != nullptr && e->ssr != nullptr) {
    i32 result = state_disconnect(o, h);
    if (result < 0) return result;
  }
  *e = HandleEntry{};
  return OK;
}

}  // namespace curios
