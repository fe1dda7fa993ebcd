// How the laboratory reads structures: a table in the image with a line for each field, of the kernel's structures and of
// the states of the services, so that no offset is written down elsewhere. The names are in the lines themselves, since
// the table is in the kernel's memory and a service's strings are not.
#pragma once
#include <stddef.h>

#include "abi.h"

namespace curios {

// MICROSECONDS is a time, PASSING a number that depends on when it is written; neither is the same in two runs. NOTED is
// what the kernel notes about faults and calls: what follows does not depend on it unless there are more faults. A DUE time
// is compared with the clock at its ticks alone.
enum class Show : u16 { UNSIGNED, SIGNED, HEX, TEXT, MICROSECONDS, PASSING, NOTED, DUE };

struct Field {
  char type[24];       // a structure of the kernel; or a service, for its state, or SERVICE/CLIENT for the state of one client
  char name[24];       // empty: the structure as a whole; ARRAY.NAME: in each element of an array of structures
  u16 offset, size;    // bytes; the size is that of one element
  u16 count, stride;   // elements, and bytes from one to the next
  Show as;
  u16 spare[3];        // a power of two together, so that the lines of all files make one table
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

// A row for each of the kernel's words (words.h).
struct Word {
  char kind[12], name[28], text[84];
  i32 number;
};
static_assert(sizeof(Word) == 128);
#define WORD_TABLE [[gnu::used, gnu::section(".words")]] static const Word described_words[]
// A row of a number by its name.
#define CONSTANT(name_) {"constant", #name_, "", static_cast<i32>(name_)},

}  // namespace curios
