// The card driver, as the file service calls it. It serves nothing else.
#pragma once
#include "abi.h"

namespace curios {

constexpr u32 CARD_PLACE_SHIFT = 8;
constexpr u32 CARD_SECTOR = 512, CARD_MOST = 32;  // sectors of a transfer

// Connect first. Errors: NO_CARD, IO_ERROR.
constexpr i32 CARD_IS_SAME = 1;
enum CardMethod : u32 {
  CARD_FIND,    // looks for a card again: CARD_IS_SAME if it is the one that was found last, else OK; its size in sectors
  CARD_READ,    // memory, first sector, how many | from which sector of the memory on << CARD_PLACE_SHIFT
  CARD_WRITE,   // the same
};

}  // namespace curios
