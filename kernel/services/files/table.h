// The table of open inodes and their owners, rebuilt from the clients' states in recovery; and the implementation of
// port.h on the kernel and the card driver.
#pragma once
#include "port.h"

namespace curios::files {

constexpr u32 MOST_OPEN = 256;

bool table_has_room(u32 owner);
bool table_add(u32 inode, u32 owner);
bool table_restore(u32 inode, u32 owner);   // in recovery, when the table has no gaps yet
void table_remove(u32 inode, u32 owner);

void port_construct();

}  // namespace curios::files
