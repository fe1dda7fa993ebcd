// The single address space. Protection uses domains: 0 for the kernel, 1 for the shared library, 2 for the clients'
// code, and one for each resident object. Objects whose numbers have the same remainder share a domain and take turns.
#include "kernel.h"

extern "C" char __library_load[], __library_start[], __library_end[];
extern "C" char __clients_load[], __clients_start[], __clients_end[];

namespace curios {
namespace {

constexpr u32 KERNEL_DOMAIN = 0, LIBRARY_DOMAIN = 1, CLIENTS_DOMAIN = 2, DOMAINS = 16;
constexpr u32 OF_SERVICES = 3, SERVICE_DOMAINS = 10, OF_CLIENTS = OF_SERVICES + SERVICE_DOMAINS, CLIENT_DOMAINS = DOMAINS - OF_CLIENTS;
constexpr u32 COARSE = 0x11, SECTION_ENTRY = 0x12, SMALL = 2;
constexpr u32 RAM_SECTIONS = 64;

alignas(0x4000) u32 first_level[4096];
alignas(0x400) u32 library_table[256];
alignas(0x400) u32 clients_table[256];
Object *holders[DOMAINS];

constexpr u32 client_access(u32 domain) { return 1u << domain * 2; }

void share(u32 *table, u32 start, u32 end, u32 load, u32 domain) {
  first_level[start / SECTION] = address_of(table) | domain << 5 | COARSE;
  for (u32 a = start; a < end; a += PAGE_BYTES)
    table[a / PAGE_BYTES & 0xff] = small_page(load + (a - start), READ_ONLY);
}

// Services and clients have separate domains, since a client calls services and a service hardly another of its class.
// So who is resident depends on who ran last, and not on what happened before.
u32 domain_of(const Object *o) { return is_client(o) ? OF_CLIENTS + o->id % CLIENT_DOMAINS : OF_SERVICES + o->id % SERVICE_DOMAINS; }

void evict(u32 domain) {
  Object *o = holders[domain];
  holders[domain] = nullptr;
  first_level[section(o->id) / SECTION] = first_level[kept_section(o->id) / SECTION] = 0;
  o->domain = 0;
  o->dacr = 0;
  o->gate = o->checked_gate = o->open_gate = 0;
  flush_all();
}

}  // namespace

u32 small_page(u32 physical, u32 rights) { return physical | rights * 0x550 | SMALL; }

void flush_all() { asm volatile("mcr p15, 0, %0, c7, c10, 4\n mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory"); }

void flush_entry(u32 address) {
  asm volatile("mcr p15, 0, %0, c7, c10, 4\n mcr p15, 0, %0, c8, c6, 1\n mcr p15, 0, %0, c8, c5, 1" ::"r"(address) : "memory");
}

void space_init() {
  for (u32 i = 0; i < RAM_SECTIONS; i++)
    first_level[i] = i * SECTION | KERNEL_ONLY << 10 | KERNEL_DOMAIN << 5 | SECTION_ENTRY;
  for (u32 i = 0x100; i < 0x102; i++)
    first_level[i] = i * SECTION | KERNEL_ONLY << 10 | KERNEL_DOMAIN << 5 | SECTION_ENTRY;
  share(library_table, address_of(__library_start), address_of(__library_end), address_of(__library_load), LIBRARY_DOMAIN);
  share(clients_table, address_of(__clients_start), address_of(__clients_end), address_of(__clients_load), CLIENTS_DOMAIN);
  asm volatile("mcr p15, 0, %0, c2, c0, 0\n mcr p15, 0, %1, c3, c0, 0" ::"r"(first_level), "r"(client_access(KERNEL_DOMAIN) | client_access(LIBRARY_DOMAIN)));
  flush_all();
  u32 control;
  asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(control));
  asm volatile("mcr p15, 0, %0, c1, c0, 0\n nop\n nop" ::"r"(control | 1) : "memory");
}

bool make_resident(Object *o) {
  if (o->dacr != 0) return true;
  u32 domain = domain_of(o);
  if (holders[domain] != nullptr) evict(domain);
  holders[domain] = o;
  o->domain = domain;
  first_level[section(o->id) / SECTION] = address_of(o->table) | domain << 5 | COARSE;
  if (o->kept_table != nullptr) first_level[kept_section(o->id) / SECTION] = address_of(o->kept_table) | domain << 5 | COARSE;
  o->dacr = client_access(KERNEL_DOMAIN) | client_access(LIBRARY_DOMAIN) | client_access(domain) |
            ((o->descriptor->rights & SHARES_CLIENT_CODE) != 0 ? client_access(CLIENTS_DOMAIN) : 0);
  if (o->is_checked == 0) o->open_gate = o->dacr;
  flush_all();
  return true;
}

// The page table for an address outside the object's section; null if the object can access nothing there.
[[gnu::noinline]] static const u32 *other_table(const Object *o, u32 address) {
  if ((o->descriptor->rights & SHARES_CLIENT_CODE) != 0 && address / SECTION == CLIENT_CODE / SECTION) return clients_table;
  return address / SECTION == kept_section(o->id) / SECTION ? o->kept_table : nullptr;
}

// The page-table entry of an address in an object's own section; 0 if it is elsewhere.
static inline u32 entry_of(const Object *o, u32 address) {
  const u32 *table = address / SECTION - SECTIONS / SECTION == o->id ? o->table : other_table(o, address);
  return table == nullptr ? 0 : table[address / PAGE_BYTES & 0xff];
}

u8 *translate(const Object *o, u32 address, bool write) {
  u32 entry = entry_of(o, address);
  u32 rights = entry >> (4 + (address >> 10 & 3) * 2) & 3;
  if ((entry & 3) != SMALL) return nullptr;
  bool allowed = rights >= (write ? READ_WRITE : READ_ONLY) || twice_opens(o, address, write) || (!write && code_opens(o, address));
  if (!allowed) return nullptr;
  return at<u8>((entry & ~0xfffu) | (address & 0xfff));
}

u8 *translate_any(const Object *o, u32 address, bool write, u32 most, u32 &run) {
  u32 entry = entry_of(o, address), rights = entry & READ_WRITE * 0x550, offset = address % PAGE_BYTES;
  bool alike = rights == READ_WRITE * 0x550 || (!write && rights == READ_ONLY * 0x550);
  run = alike ? PAGE_BYTES - offset : GRANULE - address % GRANULE;
  if (run > most) run = most;
  return alike ? at<u8>(entry / PAGE_BYTES * PAGE_BYTES + offset) : translate(o, address, write);
}

static bool transfer(const Object *o, u32 address, u8 *kernel, u32 bytes, bool write) {
  while (bytes > 0) {
    u32 part = GRANULE - address % GRANULE;
    if (part > bytes) part = bytes;
    u8 *p = translate(o, address, write);
    if (p == nullptr) return false;
    copy(write ? p : kernel, write ? kernel : p, part);
    address += part;
    kernel += part;
    bytes -= part;
  }
  return true;
}

bool copy_from(const Object *o, u32 address, void *to, u32 bytes) {
  return transfer(o, address, static_cast<u8 *>(to), bytes, false);
}

bool copy_to(const Object *o, u32 address, const void *from, u32 bytes) {
  return transfer(o, address, const_cast<u8 *>(static_cast<const u8 *>(from)), bytes, true);
}

}  // namespace curios
