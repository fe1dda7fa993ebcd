// Field offsets for the assembly; types.h asserts each of them.
#pragma once

#define FRAME_R0 0
#define FRAME_SP 52
#define FRAME_PC 60
#define FRAME_PSR 64
#define FRAME_OBJECT 68
#define FRAME_SSR 72
#define FRAME_METHOD 76
#define FRAME_STACK 80
#define FRAME_BUDGET 88
#define FRAME_ATTEMPT 92
#define FRAME_TOP 96
#define FRAME_SIZE 128
#define METHOD_HIGHEST 8

#define SYSTEM_ASKED (-29)
#define SYSTEM_CALLS 38

#define OBJECT_GATE 0
#define OBJECT_DACR 4
#define OBJECT_HANDLES 8
#define OBJECT_HANDLE_COUNT 12
#define OBJECT_METHODS 16
#define OBJECT_STACKS 20
#define OBJECT_DEADLINE 24
#define OBJECT_ATTENTION 28
#define OBJECT_CALLS 32
#define OBJECT_TAG 36
#define OBJECT_CHECKED_GATE 40
#define OBJECT_OPEN_GATE 44
#define OBJECT_PRIVATE_BYTES 48
#define OBJECT_PRIVATE_SUM 52
#define OBJECT_LIMITS_START 56
#define OBJECT_CODE_START 64
#define OBJECT_GUARDED 80
#define OBJECT_RAN 84
#define OBJECT_STRETCH 88
#define OBJECT_HOME_RECORD 3072
#define OBJECT_ATTENTION_CHECKS 2

#define RAN_GRANULE 1024
#define RAN_END 8
#define RAN_DIFFERENCE 12
#define RAN_OPEN 16
#define RAN_PARTS 528
#define RAN_WEAK 1

#define SSR_MODE 0
#define SSR_SUM 4
#define SSR_PTE 8
#define SSR_MASK 12
#define SSR_ADDRESS 16
#define SSR_BYTES 28
#define SSR_KIND 30
#define SSR_SIZE 32

#define MODE_BUSY 0
#define MODE_MAPPED 1
#define MODE_PACKED 2
#define MODE_OPEN 3
#define MODE_SHADOWED 6

#define THREAD_FRAME 4
#define THREAD_STATE 8
#define THREAD_READY 1
#define THREAD_SIZE 1024
