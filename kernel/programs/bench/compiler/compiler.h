// A small compiler for a small language: source text, tree, optimised tree, code of a register machine, its run. Much
// code, each part of it run rarely. Results are compared with those of the tree before it was optimised.
//
//   program    = { statement }
//   statement  = name "=" expression ";" | "out" expression ";" | "repeat" number block
//              | "if" expression block [ "else" block ] | block
//   block      = "{" { statement } "}"
//   expression = C's operators on unsigned words, with C's precedence; division by zero gives 0
#pragma once
#include "bench.h"

namespace compiler {

enum class Op : u8 {
  // leaves
  NUMBER, VARIABLE,
  // expressions with one operand
  NEGATE, COMPLEMENT, NOT,
  // with two
  ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, AND, OR, XOR, LEFT, RIGHT, EQUAL, UNEQUAL, LESS, LESS_EQUAL, BOTH, EITHER,
  // statements
  ASSIGN, OUT, REPEAT, IF, BLOCK,
};

struct Node {
  Op op;
  u32 value;               // number, number of the variable, or how often
  Node *left, *right, *third;
  Node *next;              // statement
};

constexpr u32 VARIABLES = 16;
constexpr u32 TEXT = 6000, NODES = 3000, CODE = 6000;

extern char text[TEXT];
// Writes a program of about the given number of statements; the same for the same seed.
void write_source(u32 seed, u32 statements);

Node *make(Op op, u32 value, Node *left = nullptr, Node *right = nullptr, Node *third = nullptr);
void forget_nodes();
// Parses the program in `text`; ends the run with status 4 if it is invalid.
Node *parse();

u32 apply(Op op, u32 a, u32 b);
// Returns an equivalent tree that does less work.
Node *optimise(Node *statements);

// Instructions of a machine with eight registers, and memory for variables and spilled values.
enum class Code : u8 {
  HALT, MOVE, LOAD, STORE, NUMBER, UNARY, BINARY, BINARY_NUMBER, JUMP, JUMP_IF_ZERO, JUMP_IF_NOT, COUNT_DOWN, OUT, NOTHING,
};
struct Instruction {
  Code code;
  Op op;
  u8 to, a, b;
  u32 value;               // number, place in memory, or target
};
constexpr u32 REGISTERS = 8, MEMORY = VARIABLES + 64;
extern Instruction code[CODE];
extern u32 code_length;
// Generates the code of a program and improves it.
void generate(const Node *statements);

struct Output {
  u32 sum = 0, count = 0;
  void take(u32 v) {
    sum = sum * 31 + v;
    count++;
  }
};
Output execute();
Output evaluate(const Node *statements);

}  // namespace compiler
