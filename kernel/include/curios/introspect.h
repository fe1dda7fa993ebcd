// Tables in the image from which the laboratory reads the kernel's structures and the states of services: a row for
// each field, so no offset is written down twice. The rows hold the names themselves, because the tables lie in the
// kernel's memory and the strings of a service do not.
#pragma once
#include <stddef.h>

#include "abi.h"

namespace curios {

// How a field is shown, and whether two runs can be compared by it. MICROSECONDS: a time. PASSING: depends on when it
// is written. Both differ between runs. NOTED: bookkeeping about faults and calls; it affects the run only if there are
// more faults. Of a service's variable: a counter that is only shown, or a cache, which a restart empties. DUE: a time that the kernel compares with the clock at each tick only.
enum class Show : u16 { UNSIGNED, SIGNED, HEX, TEXT, MICROSECONDS, PASSING, NOTED, DUE };

struct Field {
  char type[24];       // a structure of the kernel; a service, for the states of its clients; SERVICE/CLIENT, for one
                       // client's; SERVICE.VARIABLE, for one of its variables
  char name[24];       // empty: the whole structure; ARRAY.NAME: a field of each element of an array of structures
  u16 offset, size;    // bytes; `size` is of one element
  u16 count, stride;   // elements, and bytes from one to the next
  Show as;
  u16 spare[3];        // pads the row to a power of two, so that the linker makes one table of the rows of all files
};
static_assert(sizeof(Field) == 64);

template <class T>
struct Elements {
  using Type = T;
  static constexpr u16 COUNT = 1;
};
template <class T, unsigned N>
struct Elements<T[N]> {
  using Type = T;
  static constexpr u16 COUNT = N;
};

consteval Show usual(i32) { return Show::SIGNED; }
consteval Show usual(char) { return Show::TEXT; }
template <class T>
consteval Show usual(T) {
  return Show::UNSIGNED;
}

#define INTROSPECTION [[gnu::used, gnu::section(".introspection")]] static const Field described_fields[]
#define ELEMENTS(type_, name_) Elements<decltype(type_::name_)>
#define FIELD_AS(title_, type_, name_, as_)                                                                    \
  {title_, #name_, static_cast<u16>(offsetof(type_, name_)), sizeof(ELEMENTS(type_, name_)::Type),             \
   ELEMENTS(type_, name_)::COUNT, sizeof(ELEMENTS(type_, name_)::Type), as_, {}}
#define FIELD_OF(title_, type_, name_) FIELD_AS(title_, type_, name_, usual(ELEMENTS(type_, name_)::Type{}))
#define ROW_OF(title_, type_, array_, name_)                                                                   \
  {title_, #array_ "." #name_,                                                                                 \
   static_cast<u16>(offsetof(type_, array_) + offsetof(ELEMENTS(type_, array_)::Type, name_)),                 \
   sizeof(ELEMENTS(type_, array_)::Type::name_), ELEMENTS(type_, array_)::COUNT,                               \
   sizeof(ELEMENTS(type_, array_)::Type), usual(decltype(ELEMENTS(type_, array_)::Type::name_){}), {}}
#define WHOLE_OF(title_, type_) {title_, "", 0, sizeof(type_), 1, sizeof(type_), Show::HEX, {}}

#define NOTED_VARIABLE(title_, type_) {title_, "", 0, sizeof(type_), 1, sizeof(type_), Show::NOTED, {}}
#define NOTED_ARRAY(title_, array_)                                                                            \
  {title_, "", 0, sizeof array_[0], static_cast<u16>(sizeof array_ / sizeof array_[0]), sizeof array_[0], Show::NOTED, {}}

// A row for each of the kernel's words (words.h).
struct Word {
  char kind[12], name[28], text[84];
  i32 number;
};
static_assert(sizeof(Word) == 128);
#define WORD_TABLE [[gnu::used, gnu::section(".words")]] static const Word described_words[]
// A row for a named constant.
#define CONSTANT(name_) {"constant", #name_, "", static_cast<i32>(name_)},

}  // namespace curios
