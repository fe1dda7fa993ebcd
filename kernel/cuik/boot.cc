// Boot: the arguments, the objects of the image, and the first threads.
#include "kernel.h"

extern "C" const curios::Descriptor *const __descriptors_start[], *const __descriptors_end[];

namespace curios {

extern "C" {
// The loader overwrites this with its arguments, such as "policy=ssr run=mixed".
[[gnu::used, gnu::section(".arguments")]] char boot_arguments[256] = "policy=ssr-packed run=mixed,tests";
}

Policy policy = Policy::SSR_PACKED;
bool unchecked;

namespace {

bool same(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

// Whether a client is in the list "run=a,b", by its name or by its name without the number.
bool runs(const char *name) {
  char list[160];
  if (!argument("run", list, sizeof list)) return false;
  for (const char *p = list; *p != 0;) {
    u32 i = 0;
    while (p[i] != 0 && p[i] != ',' && p[i] == name[i]) i++;
    if ((p[i] == 0 || p[i] == ',') && i > 0 && (name[i] == 0 || (name[i] >= '0' && name[i] <= '9'))) return true;
    while (*p != 0 && *p++ != ',') {
    }
  }
  return false;
}

constexpr const char *NAMES_OF_POLICIES[] = {POLICY_WORDS(WORD_NAME)};

void read_policy() {
  char name[16];
  if (!argument("policy", name, sizeof name)) return;
  for (u32 i = 0; i < static_cast<u32>(Policy::COUNT); i++) {
    if (!same(name, NAMES_OF_POLICIES[i])) continue;
    policy = static_cast<Policy>(i);
    return;
  }
  log("cuik: no such policy: ");
  log(name);
  log('\n');
  halt(2);
}

void read_checks() {
  char value[8];
  if (!argument("checks", value, sizeof value) || same(value, "on")) return;
  unchecked = same(value, "off");
  if (unchecked) return;
  log("cuik: checks are on or off, not ");
  log(value);
  log('\n');
  halt(2);
}

// Objects may read all arguments but this one.
void hide(const char *key) {
  for (char *p = boot_arguments; *p != 0; p++) {
    const char *k = key;
    char *q = p;
    while (*k != 0 && *q == *k) q++, k++;
    if (*k == 0 && *q == '=' && (p == boot_arguments || p[-1] == ' '))
      for (q++; *q != 0 && *q != ' '; q++) *q = '*';
  }
}

}  // namespace

bool argument(const char *key, char *value, u32 room) {
  for (const char *p = boot_arguments; *p != 0;) {
    const char *k = key;
    while (*k != 0 && *p == *k) p++, k++;
    bool found = *k == 0 && *p == '=';
    if (found) p++;
    u32 n = 0;
    for (; *p != 0 && *p != ' '; p++)
      if (found && n + 1 < room) value[n++] = *p;
    if (found) {
      value[n] = 0;
      return true;
    }
    while (*p == ' ') p++;
  }
  return false;
}

extern "C" void kernel_main() {
  NO_CALLER;
  space_init();
  read_policy();
  read_checks();
  char seed[12];
  if (argument("seed", seed, sizeof seed))
    for (const char *p = seed; *p != 0; p++) handle_secret = handle_secret * 31 + static_cast<u8>(*p);
  hide("seed");
  interrupts_init();
  if (has_checks()) code_keep();
  Object *names = nullptr;
  for (const Descriptor *const *d = __descriptors_start; d < __descriptors_end; d++) {
    Object *o = object_create(*d);
    if (((*d)->rights & MAY_LOOKUP) != 0) names = o;
  }
  if (names == nullptr) panic("no name service", 0);
  event(EventKind::BOOT, 0, static_cast<u32>(policy), 0);
  for (Object *o : objects) {
    if (o == nullptr) continue;
    o->handles[0] = {NAMES, 1, names, {nullptr}};
    const Descriptor *d = o->descriptor;
    if (d->method_count == 0 && d->id >= FIRST_CLIENT && !runs(d->name)) {
      o->state = ObjectState::GONE;
      continue;
    }
    u32 entry = d->construct != 0 ? d->construct : d->main;
    if (entry == 0) continue;
    Thread *t = thread_spawn(o, entry);
    if (t == nullptr) panic("no thread for", o->id);
    t->constructs = d->construct != 0;
  }
  dispatch();
}

}  // namespace curios
