// The compiler calls functions of the library by a branch that does not reach it. The linker would put a veneer into one
// service and let others use it, who cannot run it: so each file of a service has its own.
#pragma once

#define LIBRARY_CALL(name_)                                                                                              \
  asm(".pushsection .text.library_" #name_ ", \"ax\", %progbits\n.balign 4\n.type " #name_ ", %function\n" #name_        \
      ":\n\tldr pc, [pc, #-4]\n\t.word library_" #name_ "\n.popsection\n");

LIBRARY_CALL(memcpy)
LIBRARY_CALL(memset)
LIBRARY_CALL(__aeabi_memcpy)
LIBRARY_CALL(__aeabi_memcpy4)
LIBRARY_CALL(__aeabi_memcpy8)
LIBRARY_CALL(__aeabi_memset)
LIBRARY_CALL(__aeabi_memclr)
LIBRARY_CALL(__aeabi_memclr4)
LIBRARY_CALL(__aeabi_memclr8)
LIBRARY_CALL(__aeabi_uidiv)
LIBRARY_CALL(__aeabi_uidivmod)
LIBRARY_CALL(__aeabi_idiv)
LIBRARY_CALL(__aeabi_idivmod)
#undef LIBRARY_CALL
