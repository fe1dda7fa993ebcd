// The intent record: what a checkpoint is about to write to places of metadata is first written, whole, to blocks of its
// own. After a loss of power the next mount writes it again, so that metadata change from one consistent content to the
// next. Its blocks belong to the inode of the boot loader, which other tools leave alone.
#pragma once
#include "cache.h"

namespace curios::files {

// At mount. Whether there was something to write again.
i32 record_replay(const Super &super, bool &replayed);
// An empty one where its blocks are.
i32 record_clear(bool was_valid);

}  // namespace curios::files
