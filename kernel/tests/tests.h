// Shared declarations of the test objects.
#pragma once
#include <curios/descriptor.h>

namespace curios {

enum TestObject : u32 { RELAY_ID = 8, EVIL_ID = 9, TESTS_ID = 40, KEEPER_ID = 41, STEPPER_ID = 42, LEDGER_ID = 43 };
enum KeeperMethod : u32 {
  KEEPER_PUT, KEEPER_GET, KEEPER_PUT_TWO, KEEPER_PUT_AND_DIE, KEEPER_PUT_COMMIT_AND_DIE, KEEPER_FILL, KEEPER_STORE, KEEPER_SHOW,
  KEEPER_HESITATE, KEEPER_THROUGH
};
enum LedgerMethod : u32 { LEDGER_FILL, LEDGER_SHOW };
constexpr u32 THROUGH_APART = 0x1800;
enum StepperMethod : u32 { STEPPER_WRITE, STEPPER_PASS, STEPPER_LAST, STEPPER_WRONG, STEPPER_PEEK };
enum class WrongSteps : u32 { ALIGNMENT, WIDTH, ONCE, LONG, NONE, PLACE, MEMORY, BYTES, COUNT };
enum RelayMethod : u32 { RELAY_OPEN, RELAY_ADD, RELAY_SUM, RELAY_ITSELF, RELAY_EVIL, RELAY_ADD_AND_DIE };
enum EvilMethod : u32 { EVIL_DO, EVIL_SET, EVIL_SYSTEM };

// The adversary's attempts. Each ends in a fault or does nothing.
enum class Evil : u32 {
  READ, WRITE, JUMP, READ_SAVED, SAVE, CP15_READ, CP15_WRITE, MASK_AND_HANG, MODE, BREAK_STACK, EAT_STACK, EAT_HEAP,
  FAULT_ALWAYS, OWN_STATE, OWN_TAG, SVC_FROM_THE_MIDDLE, COMMIT_BELOW, COUNT
};

}  // namespace curios
