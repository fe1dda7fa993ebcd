// What the file system needs of what it runs on.
#pragma once
#include "ext2.h"

namespace curios::files {

constexpr u32 TRANSFER_SECTORS = 32;
constexpr u32 KEPT_HERE = kept_section(11);  // FILES_ID

// Memory that survives restarts. It is read in place; what is kept is there once it is committed.
inline const u8 *kept_at(u32 offset) { return reinterpret_cast<const u8 *>(KEPT_HERE + offset); }
void keep_at(u32 offset, const void *from, u32 bytes);
// All or none of several; an error is the client's memory's.
i32 keep_list(const Keep *list, u32 count);
// Puts right what is not as it was put there; false when that does not go.
bool mend_kept(u32 offset, u32 bytes);

// What was kept counts, and after a crash the request goes on from here. Memory of the object's own is empty then.
void commit_now();

// Looks for the card: CARD_IS_SAME, OK for another one, NO_CARD or IO_ERROR.
i32 find_card();
// The card, to and from a buffer of TRANSFER_SECTORS. OK, NO_CARD or IO_ERROR.
u8 *transfer_buffer();
i32 card_read(u32 sector, u32 count);
i32 card_write(u32 sector, u32 count);
// The same from kept memory.
i32 card_write_kept(u32 sector, u32 count, u32 at);

// Whether the boot arguments have `files=unchecked`.
bool wants_no_sums();

// Seconds since 1970, the same throughout a request.
u32 clock();

// The client's memory: OK or a negative error.
i32 client_read(u32 memory, u32 offset, void *to, u32 bytes);
i32 client_write(u32 memory, u32 offset, const void *from, u32 bytes);

// How many open files an inode has.
u32 open_count(u32 inode);

// The object has found itself wrong.
void must(bool holds);

}  // namespace curios::files
