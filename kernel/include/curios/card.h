// The interface of the card driver. Its only client is the file service.
#pragma once
#include "abi.h"

namespace curios {

constexpr u32 CARD_PLACE_SHIFT = 8;
constexpr u32 CARD_SECTOR = 512, CARD_MOST = 32;  // CARD_MOST: sectors per transfer

// Connect first. Errors: NO_CARD, IO_ERROR.
constexpr i32 CARD_IS_SAME = 1;
enum CardMethod : u32 {
  CARD_FIND,    // looks for a card again: CARD_IS_SAME if it is the same card as before, otherwise OK; second result: sectors
  CARD_READ,    // memory, first sector, sectors | first sector in the memory << CARD_PLACE_SHIFT
  CARD_WRITE,   // the same
};

}  // namespace curios
