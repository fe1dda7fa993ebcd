// Server state regions. Which kind there is depends on the policy: mapped (granted by its page-table entry) and packed
// (copied into a window on the server's stack, committed on return) are CuriOS's own; the schemes that it is compared
// with have states that the server can always reach.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 MAX_PACKED = 384;  // leaves the server most of its home stack
constexpr u32 FULL_RIGHTS = 3, SUBPAGE_BITS = 2, RIGHTS_SHIFT = 4;

u32 *payload(Ssr *s) { return reinterpret_cast<u32 *>(s + 1); }
const u32 *payload(const Ssr *s) { return reinterpret_cast<const u32 *>(s + 1); }

u32 sum_of(const u32 *words, u32 bytes) {
  u32 sum = 0;
  for (u32 i = 0; i < bytes / 4; i++) sum = words[i] + (sum >> 5 | sum << 27);
  return sum;
}

Mode kind_for(u32 bytes) {
  switch (policy) {
    case Policy::SSR:
      return Mode::MAPPED;
    case Policy::SSR_PACKED:
      return bytes <= MAX_PACKED ? Mode::PACKED : Mode::MAPPED;
    default:
      return Mode::OPEN;
  }
}

// A granule for a state in the server's region; the frame under it comes and goes with its granules.
bool granule_take(Object *server, Ssr *s) {
  for (u32 i = 0; i < (STATES_END - STATES) / GRANULE; i++) {
    if ((server->state_map[i / 32] >> i % 32 & 1) != 0) continue;
    u32 offset = STATES + i * GRANULE;
    u32 &entry = server->table[offset / FRAME_BYTES];
    if (entry == 0) {
      void *frame = frame_alloc();
      if (frame == nullptr) return false;
      entry = small_page(address_of(frame), KERNEL_ONLY);
      server->frames++;
    }
    server->state_map[i / 32] |= 1u << i % 32;
    s->pte = &entry;
    s->mask = FULL_RIGHTS << (RIGHTS_SHIFT + i % 4 * SUBPAGE_BITS);
    s->address = region(server->id) + offset;
    if (s->kind == MODE_OPEN) {
      entry |= s->mask;
      flush_entry(s->address);
    }
    return true;
  }
  return false;
}

void granule_give(Object *server, Ssr *s) {
  u32 i = (s->address - region(server->id) - STATES) / GRANULE;
  server->state_map[i / 32] &= ~(1u << i % 32);
  *s->pte = (*s->pte & ~s->mask) | KERNEL_ONLY << (RIGHTS_SHIFT + i % 4 * SUBPAGE_BITS);
  flush_entry(s->address);
  if ((server->state_map[i / 32] >> (i % 32 & ~3u) & 0xf) == 0) {
    frame_free(at<void>(*s->pte & ~0xfffu));
    *s->pte = 0;
    server->frames--;
    flush_entry(s->address);
  }
}

u32 *kernel_address(const Ssr *s) {
  return s->kind == MODE_PACKED ? const_cast<u32 *>(payload(s)) : at<u32>((*s->pte & ~0xfffu) | (s->address & 0xfff));
}

u32 record_bytes(const Ssr *s) {
  u32 copies = (s->kind == MODE_PACKED ? 1 : 0) + (policy == Policy::DATASTORE ? 1 : 0);
  return sizeof(Ssr) + copies * s->bytes;
}

u32 charge(const Ssr *s) { return record_bytes(s) + (s->kind == MODE_PACKED ? 0 : GRANULE); }

// Of the states that are not packed, behind the record.
u32 *published_copy(Ssr *s) { return payload(s); }

}  // namespace

i32 state_connect(Object *client, Handle h) {
  HandleEntry *e = handle_find(client, h);
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  if (e->ssr != nullptr && e->ssr->mode == Mode::LOST) state_disconnect(client, h);
  if (e->ssr != nullptr) return CONNECTED;
  Object *server = e->object;
  const Descriptor *d = server->descriptor;
  if (server->state == ObjectState::FAILED || server->state == ObjectState::GONE) return DEAD;
  if (d->state_bytes == 0 || d->state_bytes > GRANULE) return BAD_ARGUMENT;
  Ssr shape{};
  shape.bytes = static_cast<u16>((d->state_bytes + 31) & ~31u);
  shape.kind = static_cast<u8>(kind_for(shape.bytes));
  if (client->quota_used + charge(&shape) > client->descriptor->quota) return NO_QUOTA;
  Ssr *s = static_cast<Ssr *>(block_alloc(record_bytes(&shape)));
  if (s == nullptr) return NO_MEMORY;
  *s = shape;
  s->owner = static_cast<u16>(client->id);
  s->server = static_cast<u16>(server->id);
  if (s->kind != MODE_PACKED && !granule_take(server, s)) {
    block_free(s, record_bytes(s));
    return NO_MEMORY;
  }
  client->quota_used += charge(s);
  Ssr **link = &server->ssrs;  // the order of connection, so that recovery goes through them in it
  while (*link != nullptr) link = &(*link)->next;
  *link = s;
  state_fresh(server, s);
  e->ssr = s;
  return OK;
}

void state_fresh(const Object *server, Ssr *s) {
  u32 *words = kernel_address(s);
  clear(words, s->bytes);
  words[0] = server->tag;
  s->sum = sum_of(words, s->bytes);
  s->published = 0;
  s->mode = static_cast<Mode>(s->kind);
}

i32 state_disconnect(Object *client, Handle h) {
  HandleEntry *e = handle_find(client, h);
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  if (e->ssr == nullptr) return NOT_CONNECTED;
  state_destroy(e->object, e->ssr);
  e->ssr = nullptr;
  return OK;
}

void state_destroy(Object *server, Ssr *s) {
  Ssr **link = &server->ssrs;
  while (*link != s) link = &(*link)->next;
  *link = s->next;
  if (s->kind != MODE_PACKED) granule_give(server, s);
  objects[s->owner]->quota_used -= charge(s);
  block_free(s, record_bytes(s));
}

bool state_sound(const Object *server, const Ssr *s) {
  const u32 *words = kernel_address(s);
  return words[0] == server->tag && (s->kind != MODE_PACKED || sum_of(words, s->bytes) == s->sum);
}

u32 state_grant(Object *server, Ssr *s, u32 top) {
  if (s->kind == MODE_OPEN) return s->address;
  s->mode = Mode::BUSY;
  if (s->kind == MODE_MAPPED) {
    *s->pte |= s->mask;
    flush_entry(s->address);
    return s->address;
  }
  copy_to(server, top - s->bytes, payload(s), s->bytes);
  return top - s->bytes;
}

// Copies words, and sums them up as sum_of does.
static u32 copy_and_sum(u32 *to, const u32 *from, u32 bytes) {
  u32 sum = 0;
  auto take = [&sum](u32 word) {
    sum = word + (sum >> 5 | sum << 27);
    return word;
  };
  for (const u32 *end = from + bytes / 4; from != end; from += 8, to += 8) {
    u32 a = take(from[0]), b = take(from[1]), c = take(from[2]), d = take(from[3]);
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
    u32 e = take(from[4]), f = take(from[5]), g = take(from[6]), h = take(from[7]);
    to[4] = e, to[5] = f, to[6] = g, to[7] = h;
  }
  return sum;
}

u32 state_show(Object *server, Ssr *s, u32 top, u8 *window) {
  switch (s->kind) {
    case MODE_PACKED: {
      u32 *copy = reinterpret_cast<u32 *>(window - s->bytes);
      return copy_and_sum(copy, payload(s), s->bytes) == s->sum && copy[0] == server->tag ? top - s->bytes : 0;
    }
    case MODE_MAPPED:
      if (kernel_address(s)[0] != server->tag) return 0;
      *s->pte = (*s->pte & ~s->mask) | (s->mask & READ_ONLY * 0x550);
      flush_entry(s->address);
      return s->address;
    default:
      return s->address;
  }
}

void state_hide(Ssr *s) {
  if (s->kind != MODE_MAPPED) return;
  *s->pte = (*s->pte & ~s->mask) | (s->mask & KERNEL_ONLY * 0x550);
  flush_entry(s->address);
}

bool state_revoke(Object *server, Ssr *s, u32 top, bool commit) {
  if (s->kind == MODE_OPEN) return true;
  s->mode = static_cast<Mode>(s->kind);
  if (s->kind == MODE_MAPPED) {
    *s->pte &= ~s->mask;
    *s->pte |= s->mask & KERNEL_ONLY * 0x550;
    flush_entry(s->address);
    return kernel_address(s)[0] == server->tag;
  }
  if (!commit) return true;
  u32 tag = 0;
  copy_from(server, top - s->bytes, &tag, sizeof tag);
  if (tag != server->tag) return false;
  copy_from(server, top - s->bytes, payload(s), s->bytes);
  s->sum = sum_of(payload(s), s->bytes);
  return true;
}

void state_quarantine(Object *server, Ssr *s) {
  s->mode = Mode::QUARANTINED;
  event(EventKind::QUARANTINE, server->id, s->owner, address_of(s));
}

i32 state_publish(Thread *t) {
  Ssr *s = t->frame->ssr;
  if (policy != Policy::DATASTORE) return OK;
  if (s == nullptr || s->kind != MODE_OPEN) return NOT_CONNECTED;
  copy(published_copy(s), kernel_address(s), s->bytes);
  s->published = 1;
  return OK;
}

bool state_restore(Object *server, Ssr *s) {
  if (s->published == 0) return false;
  copy(kernel_address(s), published_copy(s), s->bytes);
  return kernel_address(s)[0] == server->tag;
}

}  // namespace curios
