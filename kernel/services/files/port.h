// What the file system needs from the kernel and the card driver.
#pragma once
#include "ext2.h"

namespace curios::files {

constexpr u32 TRANSFER_SECTORS = 32;
constexpr u32 KEPT_HERE = kept_section(11);  // FILES_ID

// Kept memory. Reads are in place; writes take effect at the commit.
inline const u8 *kept_at(u32 offset) { return reinterpret_cast<const u8 *>(KEPT_HERE + offset); }
void keep_at(u32 offset, const void *from, u32 bytes);
// Queues several writes, all or none; an error is one of the client's memory.
i32 keep_list(const Keep *list, u32 count);
// Repairs kept memory; false if that fails.
bool mend_kept(u32 offset, u32 bytes);

// Commits: queued writes take effect. After a crash the request starts again at its entry, or continues from its last
// commit_here(); private memory is empty then.
void commit_now();
void commit_here();

// Looks for the card: CARD_IS_SAME, OK for a different one, NO_CARD or IO_ERROR.
i32 find_card();
// Card transfers through a buffer of TRANSFER_SECTORS. OK, NO_CARD or IO_ERROR.
u8 *transfer_buffer();
i32 card_read(u32 sector, u32 count);
i32 card_write(u32 sector, u32 count);
// Writes to the card from kept memory.
i32 card_write_kept(u32 sector, u32 count, u32 at);

// Whether the boot arguments have `files=unchecked`.
bool wants_no_sums();

// Seconds since 1970, constant during a request.
u32 clock();

// Access to the client's memory: OK or a negative error.
i32 client_read(u32 memory, u32 offset, void *to, u32 bytes);
i32 client_write(u32 memory, u32 offset, const void *from, u32 bytes);

// The number of open files of an inode.
u32 open_count(u32 inode);

// An assertion.
void must(bool holds);

}  // namespace curios::files
