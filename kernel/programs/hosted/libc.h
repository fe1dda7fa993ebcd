// What newlib's librdimon makes of C programs: files, arguments and the exit status by semihosting (Semihosting for AArch32
// and AArch64, release 2.0), called as that library calls it.
#pragma once

#include "../../lib/guest.h"

constexpr int MAX_ARGUMENTS = 16;

// The arguments of the program, taken from SYS_GET_CMDLINE; returns how many.
int arguments(const char *argv[MAX_ARGUMENTS]);

// As in <fcntl.h> and <unistd.h>, with the modes of fopen: 0 "r", 2 "r+", 4 "w", 6 "w+", 8 "a".
int open(const char *name, int mode);
int close(int file);
int read(int file, void *to, u32 count);
int write(int file, const void *from, u32 count);
int seek(int file, u32 position);
int length(int file);
int remove(const char *name);
int rename(const char *from, const char *to);
int last_error();

// Standard input, output and error: open once start() has been called.
extern int in, out, err;
void start();

// Ends with a status, if the host says that it takes one; else with success or failure.
[[noreturn]] void finish(int status);

void print(const char *text);
void print_number(u32 value);
bool equal(const char *a, const char *b);
u32 length(const char *text);
u32 number(const char *digits);
