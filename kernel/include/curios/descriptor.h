// How a service describes itself to the kernel.
#pragma once
#include "introspect.h"
#include "services.h"

// The linker script defines the symbols. Further arguments: designated initializers, in order, from `construct` on.
#define SERVICE(name_, id_, ...)                                                                                \
  extern "C" const char name_##_data_load[], name_##_data_start[], name_##_data_end[], name_##_code_load[],    \
      name_##_code[], name_##_code_end[];                                                                       \
  [[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor descriptor = {                        \
      .name = #name_, .id = id_, .data_load = name_##_data_load, .data_start = name_##_data_start,             \
      .data_end = name_##_data_end, .code_load = name_##_code_load, .code_start = name_##_code,                \
      .code_end = name_##_code_end, .methods = methods, .method_count = sizeof methods / sizeof methods[0],    \
      __VA_ARGS__};                                                                                             \
  [[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const described = &descriptor;

#define METHODS [[gnu::used, gnu::section(".methods")]] static const Method methods[]
// The limits for words of a service's states; SERVICE gets LIMITED.
#define LIMITS [[gnu::used, gnu::section(".limits")]] static const Limit limits[]
#define LIMITED .limits = limits, .limit_count = sizeof limits / sizeof limits[0]
#define WORD_LIMIT(type, name, lowest_, highest_) {offsetof(type, name), 0, lowest_, (highest_) - (lowest_)}

#define ENTRY(function) reinterpret_cast<u32>(function)
// For static arrays: large private data, up to 192 KiB, placed in the heap (Descriptor::heap_limit must cover it). Zero
// after each restart; CHECK_PRIVATE does not cover it.
#define LARGE [[gnu::section(".large")]]
// The address at which service `id` reads its kept memory.
namespace curios {
template <u32 id, class T = u8>
inline const T *kept_memory(u32 offset = 0) {
  return reinterpret_cast<const T *>(kept_section(id) + offset);
}
}  // namespace curios
