// Data aborts in the middle of every kind of transfer: the base register is restored (ARM926EJ-S has the base restored
// abort model, ARM DDI 0198, 2.2), the link register is the instruction's address plus 8; user-mode accesses by LDRT
// and STRT; user-bank transfers; alignment faults with A set.
#include "faults.h"
#include "tables.h"

#define CODE(name, text) \
  asm(".text\n.arm\n.balign 4\n.global " #name "\n.type " #name ", %function\n" #name ":\n mov r4, r0\n mov r5, r1\n" \
      " mov r6, #6\n mov r7, #7\n" text "\n mov r0, r4\n bx lr\n");                                                   \
  extern "C" Code name;
#define THUMB(name, text)                                                                                             \
  asm(".text\n.thumb\n.balign 4\n.thumb_func\n.global " #name "\n.type " #name ", %function\n" #name                  \
      ":\n movs r4, r0\n movs r5, r1\n movs r6, #6\n movs r7, #7\n" text "\n movs r0, r4\n bx lr\n.arm\n");           \
  extern "C" Code name;

// Each fails on the page at WINDOW + 0x1000; the base is r4 = a, the page's last bytes before or its start.
CODE(ldr_pre, "ldr r6, [r4, #4]!")
CODE(ldr_post, "ldr r6, [r4], #4")
CODE(ldr_register, "ldr r6, [r4, r6, lsl #2]!")
CODE(str_pre, "str r6, [r4, #4]!")
CODE(str_post, "str r6, [r4], #-4")
CODE(ldrb_post, "ldrb r6, [r4], #1")
CODE(strb_pre, "strb r6, [r4, #1]!")
CODE(ldrh_pre, "ldrh r6, [r4, #2]!")
CODE(strh_post, "strh r6, [r4], #2")
CODE(ldrsb_pre, "ldrsb r6, [r4, #1]!")
CODE(ldrsh_post, "ldrsh r6, [r4], #2")
CODE(ldrd_pre, "ldrd r6, r7, [r4, #8]!")
CODE(ldrd_post, "ldrd r6, r7, [r4], #8")
CODE(strd_post, "strd r6, r7, [r4], #-8")
CODE(swp_word, "swp r6, r7, [r4]")
CODE(swp_byte, "swpb r6, r7, [r4]")
CODE(ldm_ia, "ldmia r4!, {r2, r3, r12}")
CODE(ldm_base, "ldmia r4, {r2, r3, r4}")
CODE(ldm_db, "ldmdb r4!, {r2, r3}")
CODE(ldm_ib, "ldmib r4!, {r2, r3}")
CODE(ldm_da, "ldmda r4!, {r2, r3}")
CODE(ldm_pc, "ldmia r4!, {r2, r3, pc}")
CODE(stm_ia, "stmia r4!, {r2, r3, r12}")
CODE(stm_db, "stmdb r4!, {r2, r3}")
CODE(ldm_user, "ldmia r4, {r8, r9, sp, lr}^\n nop")
CODE(stm_user, "stmia r4, {r8, r9, sp, lr}^\n nop")
CODE(ldrt, "ldrt r6, [r4], #4")
CODE(strt, "strt r6, [r4], #4")
CODE(ldrbt, "ldrbt r6, [r4], #1")
CODE(strbt, "strbt r6, [r4], #1")
CODE(ldr_to_pc, "ldr pc, [r4]")
CODE(pld, "pld [r4]")
THUMB(t_ldr, "ldr r6, [r4, #4]")
THUMB(t_ldmia, "ldmia r4!, {r2, r3}")
THUMB(t_stmia, "stmia r4!, {r2, r3}")
THUMB(t_strh, "strh r6, [r4, #2]")
THUMB(t_ldrsb, "movs r3, #1\n ldrsb r6, [r4, r3]")

struct Case {
  const char *name;
  Code *code;
};
static const Case cases[] = {
    {"LDR pre", ldr_pre},     {"LDR post", ldr_post},     {"LDR register", ldr_register}, {"STR pre", str_pre},
    {"STR post", str_post},   {"LDRB post", ldrb_post},   {"STRB pre", strb_pre},         {"LDRH pre", ldrh_pre},
    {"STRH post", strh_post}, {"LDRSB pre", ldrsb_pre},   {"LDRSH post", ldrsh_post},     {"LDRD pre", ldrd_pre},
    {"LDRD post", ldrd_post}, {"STRD post", strd_post},   {"SWP", swp_word},              {"SWPB", swp_byte},
    {"LDMIA", ldm_ia},        {"LDMIA with base", ldm_base}, {"LDMDB", ldm_db},           {"LDMIB", ldm_ib},
    {"LDMDA", ldm_da},        {"LDMIA with PC", ldm_pc},  {"STMIA", stm_ia},              {"STMDB", stm_db},
    {"LDM user", ldm_user},   {"STM user", stm_user},     {"LDRT", ldrt},                 {"STRT", strt},
    {"LDRBT", ldrbt},         {"STRBT", strbt},           {"LDR PC", ldr_to_pc},          {"PLD", pld},
    {"Thumb LDR", t_ldr},     {"Thumb LDMIA", t_ldmia},   {"Thumb STMIA", t_stmia},       {"Thumb STRH", t_strh},
    {"Thumb LDRSB", t_ldrsb},
};

static void run(const Case &c, u32 base) {
  u32 vector = attempt(c.code, base, 0);
  report(c.name, vector, c.code);
  if (vector != NONE && last.r4 != base) say("  BASE", last.r4 - base);
}

static Tables tables;

int main() {
  install_vectors(0);
  for (u32 i = 0; i < 0x3000; i += 4) reg(MEMORY + i) = i;
  tables.start();
  tables.small(WINDOW, MEMORY, 0xff, 0);
  tables.small(WINDOW + 0x2000, MEMORY + 0x2000, 0xff, 0);
  tables.flush();
  put("at the start of a page that is not there\n");
  for (const Case &c : cases) run(c, WINDOW + 0x1000);
  put("across the end of the last page that is there\n");
  for (const Case &c : cases)
    if (c.code != ldr_to_pc) run(c, WINDOW + 0x0ff8);
  put("from the page after it\n");
  for (const Case &c : cases)
    if (c.code != ldr_to_pc && c.code != ldm_pc) run(c, WINDOW + 0x2000);

  put("read-only for users, writable for the kernel\n");
  tables.small(WINDOW + 0x1000, MEMORY + 0x1000, 0xaa, 0);
  tables.flush();
  run({"LDRT", ldrt}, WINDOW + 0x1000);
  run({"STRT", strt}, WINDOW + 0x1000);
  run({"LDRBT", ldrbt}, WINDOW + 0x1001);
  run({"STRBT", strbt}, WINDOW + 0x1001);
  run({"STR", str_post}, WINDOW + 0x1000);
  put("kernel only\n");
  tables.small(WINDOW + 0x1000, MEMORY + 0x1000, 0x55, 0);
  tables.flush();
  run({"LDRT", ldrt}, WINDOW + 0x1000);
  run({"STRT", strt}, WINDOW + 0x1000);
  run({"LDR", ldr_post}, WINDOW + 0x1000);
  run({"SWP", swp_word}, WINDOW + 0x1000);
  say("read back", reg(WINDOW + 0x1000));
  put("read-only for all: SWP reads and cannot write\n");
  tables.small(WINDOW + 0x1000, MEMORY + 0x1000, 0x00, 0);
  set_control(control() | ROM);
  tables.flush();
  run({"LDR", ldr_post}, WINDOW + 0x1000);
  run({"SWP", swp_word}, WINDOW + 0x1000);
  run({"STMIA", stm_ia}, WINDOW + 0x1000);
  set_control(control() & ~ROM);

  put("alignment faults\n");
  tables.small(WINDOW + 0x1000, MEMORY + 0x1000, 0xff, 0);
  tables.flush();
  set_control(control() | ALIGNMENT);
  for (const Case &c : cases)
    if (c.code != ldr_to_pc && c.code != ldm_pc && c.code != ldrd_pre && c.code != ldrd_post && c.code != strd_post)
      run(c, WINDOW + 0x1001);
  run({"LDRH at an even address", ldrh_pre}, WINDOW + 0x1002);
  run({"LDR at an even address", ldr_post}, WINDOW + 0x1002);
  run({"LDR of a page that is not there", ldr_post}, WINDOW + 0x3001);
  set_control(control() & ~ALIGNMENT);
  put("memory\n");
  u32 sum = 0;
  for (u32 i = 0; i < 0x3000; i += 4) sum = (sum << 5 | sum >> 27) + reg(MEMORY + i);
  say("sum", sum);
  put("done\n");
  return 0;
}
