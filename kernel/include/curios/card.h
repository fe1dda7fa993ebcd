// The card driver, as the file service calls it. It serves nothing else.
#pragma once
#include "abi.h"

namespace curios {

constexpr u32 CARD_PLACE_SHIFT = 8;
constexpr u32 CARD_SECTOR = 512, CARD_MOST = 32;  // sectors of a transfer

// Connect first. Errors: NO_CARD, IO_ERROR.
enum CardMethod : u32 {
  CARD_FIND,    // looks for a card again: OK, and its size in sectors
  CARD_READ,    // memory, first sector, how many | from which sector of the memory on << CARD_PLACE_SHIFT
  CARD_WRITE,   // the same
};

}  // namespace curios
