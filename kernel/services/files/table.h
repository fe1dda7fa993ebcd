// Which inodes are open, and by whom: a table of the service's own, made again from the clients' states in recovery. And
// what connects the file system with the kernel and the card (port.h).
#pragma once
#include "port.h"

namespace curios::files {

constexpr u32 MOST_OPEN = 256;

bool table_has_room(u32 owner);
bool table_add(u32 inode, u32 owner);
void table_remove(u32 inode, u32 owner);

void port_construct();

}  // namespace curios::files
