// Server state regions. The policy determines their kind. Mapped states (granted through their page-table entry) and
// packed states (copied to a window on the server's stack, committed on return) are CuriOS's own. A shadowed state is a
// transactional mapped state: its second copy holds the last commit. The schemes used for comparison have open states,
// which the server can always access.
//
// Packed and shadowed states have a checksum and a second copy, so that damage at rest is detected and repaired.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 STATE_HEAD = 8;  // the tag, and the word that makes the sum zero
constexpr u32 FULL_RIGHTS = 3, SUBPAGE_BITS = 2, RIGHTS_SHIFT = 4;

u32 *after(Ssr *s) { return reinterpret_cast<u32 *>(s + 1); }

bool in_granule(const Ssr *s) { return s->kind != MODE_PACKED; }
bool has_copy(const Ssr *s) { return s->kind == MODE_PACKED || s->kind == MODE_SHADOWED; }

// Allocates granules for a state in the server's region; their frame is allocated and freed with them.
bool granule_take(Object *server, Ssr *s) {
  for (u32 i = 0; i < (STATES_END - STATES) / GRANULE; i++) {
    if ((server->state_map[i / 32] >> i % 32 & 1) != 0) continue;
    u32 offset = STATES + i * GRANULE;
    u32 &entry = server->table[offset / PAGE_BYTES];
    if (entry == 0) {
      void *frame = page_alloc();
      if (frame == nullptr) return false;
      entry = small_page(address_of(frame), KERNEL_ONLY);
      server->frames++;
    }
    server->state_map[i / 32] |= 1u << i % 32;
    s->pte = &entry;
    s->mask = FULL_RIGHTS << (RIGHTS_SHIFT + i % 4 * SUBPAGE_BITS);
    s->address = section(server->id) + offset;
    if (s->kind == MODE_OPEN) state_allow(s, READ_WRITE);
    return true;
  }
  return false;
}

void granule_give(Object *server, Ssr *s) {
  u32 i = (s->address - section(server->id) - STATES) / GRANULE;
  server->state_map[i / 32] &= ~(1u << i % 32);
  state_allow(s, KERNEL_ONLY);
  if ((server->state_map[i / 32] >> (i % 32 & ~3u) & 0xf) == 0) {
    page_free(at<void>(*s->pte & ~0xfffu));
    *s->pte = 0;
    server->frames--;
    flush_entry(s->address);
  }
}

// The kernel's pointer to a state.
u32 *kernel_address(const Ssr *s) {
  return in_granule(s) ? at<u32>((*s->pte & ~0xfffu) | (s->address & 0xfff)) : after(const_cast<Ssr *>(s));
}

// The second copy of a packed or shadowed state.
u32 *second_copy(Ssr *s) { return s->kind == MODE_PACKED ? after(s) + s->bytes / 4 : at<u32>(after(s)[0]); }

// The published copy of an open state.
u32 *published_copy(Ssr *s) { return after(s); }

u32 record_bytes(const Ssr *s) {
  u32 more = s->kind == MODE_PACKED ? 2u * s->bytes
           : s->kind == MODE_SHADOWED ? sizeof(u32)
           : rules().left == Left::PUBLISHED_COPY ? s->bytes
                                                  : 0;
  return sizeof(Ssr) + more;
}

u32 charge(const Ssr *s) {
  return record_bytes(s) + (in_granule(s) ? GRANULE : 0) + (s->kind == MODE_SHADOWED ? s->bytes : 0);
}

bool allocate(Object *server, Ssr *s) {
  if (in_granule(s) && !granule_take(server, s)) return false;
  if (s->kind != MODE_SHADOWED) return true;
  void *copy = block_alloc(s->bytes);
  if (copy == nullptr) {
    granule_give(server, s);
    return false;
  }
  after(s)[0] = address_of(copy);
  return true;
}

// Commits the content `words` of a state at the end of a request.
void keep(Ssr *s, const u32 *words) {
  if (s->kind == MODE_PACKED) copy_words(after(s), words, s->bytes);
  if (!has_copy(s)) return;
  s->sum = copy_and_sum(second_copy(s), words, s->bytes);
}

// Repairs a state from its second copy, or its checksum from both; false if neither copy is intact.
bool mend(const Object *server, Ssr *s) {
  u32 *first = kernel_address(s), *second = second_copy(s);
  if (checksum(second, s->bytes, 0) == s->sum && second[0] == server->tag)
    copy(first, second, s->bytes);
  else if (first[0] == server->tag && first_difference(first, first + s->bytes / 4, second) == first + s->bytes / 4)
    s->sum = checksum(first, s->bytes, 0);
  else
    return false;
  event(EventKind::STATE_MENDED, server->id, s->owner, address_of(s));
  return true;
}

void doom(Object *server, Ssr *s) {
  if ((s->flags & DOOMED) != 0) return;
  s->flags |= DOOMED;
  server->doomed++;
  gate_update(server);
}

}  // namespace

void state_allow(Ssr *s, u32 rights) {
  *s->pte = (*s->pte & ~s->mask) | (s->mask & rights * 0x550);
  flush_entry(s->address);
}

void state_free(Object *server, Ssr *s) {
  Ssr **link = &server->ssrs;
  while (*link != s) link = &(*link)->next;
  *link = s->next;
  if ((s->flags & DOOMED) != 0) server->doomed--;
  handles_of_session(server, s);
  if (in_granule(s)) granule_give(server, s);
  if (s->kind == MODE_SHADOWED) block_free(second_copy(s), s->bytes);
  objects[s->payer]->quota_used -= charge(s);
  block_free(s, record_bytes(s));
}

i32 state_connect(const Frame *f, Handle h) {
  Object *client = f->object;
  HandleEntry *e = handle_find(client, h);
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  if (e->ssr != nullptr && e->ssr->mode == Mode::LOST) state_disconnect(client, h);
  if (e->ssr != nullptr) return CONNECTED;
  Object *server = e->object;
  const Descriptor *d = server->descriptor;
  if (server->state == ObjectState::FAILED || server->state == ObjectState::GONE) return DEAD;
  if (d->state_bytes == 0 || d->state_bytes > GRANULE) return BAD_ARGUMENT;
  Ssr **link = &server->ssrs;  // in the order of connection, which recovery follows
  for (; *link != nullptr; link = &(*link)->next) {
    Ssr *s = *link;
    bool own = f->method == nullptr && s->owner == client->id && s->mode == static_cast<Mode>(s->kind);
    if (!own || (s->flags & (ORPHAN | DOOMED)) != ORPHAN) continue;
    s->flags &= ~ORPHAN;  // the session that the object's own thread had before the crash
    e->ssr = s;
    return OK;
  }
  Ssr shape{};
  shape.bytes = static_cast<u16>((d->state_bytes + 31) & ~31u);
  shape.kind = static_cast<u8>(shape.bytes <= MAX_PACKED ? rules().small : rules().large);
  Object *payer = f->method != nullptr && f->ssr != nullptr ? objects[f->ssr->payer] : client;
  if (payer->quota_used + charge(&shape) > payer->descriptor->quota) return NO_QUOTA;
  Ssr *s = static_cast<Ssr *>(block_alloc(record_bytes(&shape)));
  if (s == nullptr) return NO_MEMORY;
  *s = shape;
  s->owner = static_cast<u8>(client->id);
  s->server = static_cast<u8>(server->id);
  s->payer = static_cast<u8>(payer->id);
  if (!allocate(server, s)) {
    block_free(s, record_bytes(s));
    return NO_MEMORY;
  }
  payer->quota_used += charge(s);
  *link = s;
  u32 *words = kernel_address(s);
  clear(words, in_granule(s) ? GRANULE : s->bytes);
  words[0] = server->tag;
  if (server->guarded != 0) words[1] = -server->tag;
  keep(s, words);
  s->mode = static_cast<Mode>(s->kind);
  e->ssr = s;
  handle_connected(f, e);
  return OK;
}

i32 state_disconnect(Object *client, Handle h) {
  HandleEntry *e = handle_find(client, h);
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  if (e->ssr == nullptr) return NOT_CONNECTED;
  Ssr *s = e->ssr;
  e->ssr = nullptr;
  state_destroy(e->object, s);
  return OK;
}

void state_destroy(Object *server, Ssr *s) {
  if (s->mode == Mode::BUSY || server->recovering == s)
    doom(server, s);
  else
    state_free(server, s);
}

void states_forget_orphans(Object *client) {
  if (client->orphans == 0) return;
  client->orphans = 0;
  for (Object *server : objects) {
    if (server == nullptr) continue;
    for (Ssr *s = server->ssrs, *next; s != nullptr; s = next) {
      next = s->next;
      if (s->owner == client->id && (s->flags & ORPHAN) != 0) state_destroy(server, s);
    }
  }
}

bool state_sound(const Object *server, Ssr *s) {
  const u32 *words = kernel_address(s);
  if (!has_copy(s)) return words[0] == server->tag;
  return (words[0] == server->tag && checksum(words, s->bytes, 0) == s->sum) || mend(server, s);
}

// Whether the words of a state are within the limits that its server declares.
static bool within_limits(const Object *server, const u32 *words) {
  for (const Limit *l = server->limits; l != server->limits_end; l++)
    if (words[l->a / 4] - (l->b == 0 ? 0 : words[l->b / 4]) - l->lowest > l->span) return false;
  return true;
}

u32 state_grant(Object *server, Ssr *s, u32 top) {
  if (s->kind == MODE_OPEN) return s->address;
  s->mode = Mode::BUSY;
  if (in_granule(s)) {
    state_allow(s, READ_WRITE);
    return s->address;
  }
  copy(stack_end(server, top) - s->bytes, kernel_address(s), s->bytes);
  return top - s->bytes;
}

u32 state_show(Object *server, Ssr *s, u32 top, u8 *window) {
  if (s->kind == MODE_OPEN) return s->address;
  if (s->kind == MODE_PACKED) {
    u32 *shown = reinterpret_cast<u32 *>(window - s->bytes);
    if (copy_and_sum(shown, kernel_address(s), s->bytes) != s->sum || shown[0] != server->tag) {
      if (!mend(server, s)) return 0;
      copy(shown, kernel_address(s), s->bytes);
    }
    return top - s->bytes;
  }
  if (!state_sound(server, s)) return 0;
  state_allow(s, READ_ONLY);
  return s->address;
}

// The content of a state as the request that holds it sees it.
static const u32 *seen(Object *server, const Ssr *s, u32 top) {
  return in_granule(s) ? kernel_address(s) : reinterpret_cast<u32 *>(stack_end(server, top) - s->bytes);
}

bool state_written_well(Object *server, const Ssr *s, u32 top) {
  return server->guarded == 0 || s->kind == MODE_OPEN || words_sum(seen(server, s, top), s->bytes) == 0;
}

bool state_unchanged(Object *server, Ssr *s, u32 top) {
  u32 *words = const_cast<u32 *>(seen(server, s, top)), *end = words + s->bytes / 4;
  return has_copy(s) && first_difference(words, end, second_copy(s)) == end;
}

u32 *state_word(Object *server, const Ssr *s, u32 top, u32 offset) {
  if (offset % sizeof(u32) != 0 || offset < STATE_HEAD || offset >= s->bytes) return nullptr;
  return const_cast<u32 *>(seen(server, s, top)) + offset / sizeof(u32);
}

bool state_commit(Object *server, Ssr *s, u32 top) {
  if (s->kind == MODE_OPEN) return true;
  const u32 *words = seen(server, s, top);
  if (words[0] != server->tag || !within_limits(server, words)) return false;
  if (server->guarded != 0 && words_sum(words, s->bytes) != 0) return false;
  keep(s, words);
  return true;
}

void state_take(Object *server, Ssr *s, u32 top, u32 *word, u32 value) {
  *word = value;
  if (server->descriptor->checks & CHECK_WRITES) const_cast<u32 *>(seen(server, s, top))[1] -= value;
  keep(s, seen(server, s, top));
}

void state_revoke(Object *server, Ssr *s, bool undo) {
  if (s->kind == MODE_OPEN || s->mode != Mode::BUSY) return;
  s->mode = static_cast<Mode>(s->kind);
  state_hide(s);
  if (undo && s->kind == MODE_SHADOWED) copy(kernel_address(s), second_copy(s), s->bytes);
  state_let_go(server, s);
}

void state_quarantine(Object *server, Ssr *s) {
  s->mode = Mode::QUARANTINED;
  event(EventKind::QUARANTINE, server->id, s->owner, address_of(s));
}

void states_quarantine_of(Object *server, u32 owner) {
  for (Ssr *s = server->ssrs; s != nullptr; s = s->next)
    if (s->owner == owner && s->mode == static_cast<Mode>(s->kind)) state_quarantine(server, s);
}

i32 state_publish(Thread *t) {
  Ssr *s = t->frame->method == nullptr ? nullptr : t->frame->ssr;
  if (rules().left != Left::PUBLISHED_COPY) return OK;
  if (s == nullptr || s->kind != MODE_OPEN) return NOT_CONNECTED;
  copy(published_copy(s), kernel_address(s), s->bytes);
  s->flags |= PUBLISHED;
  return OK;
}

bool state_restore(Object *server, Ssr *s) {
  if ((s->flags & PUBLISHED) == 0) return false;
  copy(kernel_address(s), published_copy(s), s->bytes);
  return kernel_address(s)[0] == server->tag;
}

}  // namespace curios
