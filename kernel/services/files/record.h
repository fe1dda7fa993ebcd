// The intent record, a journal of metadata: a checkpoint first writes all metadata sectors to blocks of the record.
// After a loss of power the next mount replays it, so metadata change from one consistent state to the next. The blocks
// belong to the boot loader inode, which other tools do not touch.
#pragma once
#include "cache.h"

namespace curios::files {

// At mount: replays the record if it is valid.
i32 record_replay(const Super &super, bool &replayed);
// Writes an empty record.
i32 record_clear(bool was_valid);

}  // namespace curios::files
