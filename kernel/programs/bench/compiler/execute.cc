#include "compiler.h"

namespace compiler {

Output execute() {
  Output out;
  u32 registers[REGISTERS] = {}, memory[MEMORY];
  for (u32 i = 0; i < VARIABLES; i++)
    memory[i] = i * i + 1;
  for (u32 at = 0;;) {
    const Instruction &i = code[at++];
    switch (i.code) {
    case Code::HALT:
      return out;
    case Code::MOVE:
      registers[i.to] = registers[i.a];
      break;
    case Code::LOAD:
      registers[i.to] = memory[i.value];
      break;
    case Code::STORE:
      memory[i.value] = registers[i.to];
      break;
    case Code::NUMBER:
      registers[i.to] = i.value;
      break;
    case Code::UNARY:
      registers[i.to] = apply(i.op, registers[i.a], 0);
      break;
    case Code::BINARY:
      registers[i.to] = apply(i.op, registers[i.a], registers[i.b]);
      break;
    case Code::BINARY_NUMBER:
      registers[i.to] = apply(i.op, registers[i.a], i.value);
      break;
    case Code::JUMP:
      at = i.value;
      break;
    case Code::JUMP_IF_ZERO:
      if (registers[i.a] == 0)
        at = i.value;
      break;
    case Code::JUMP_IF_NOT:
      if (registers[i.a] != 0)
        at = i.value;
      break;
    case Code::COUNT_DOWN:
      if (--memory[i.a] != 0)
        at = i.value;
      break;
    case Code::OUT:
      out.take(registers[i.to]);
      break;
    case Code::NOTHING:
      break;
    }
  }
}

namespace {

u32 value_of(const Node *n, const u32 *variables) {
  switch (n->op) {
  case Op::NUMBER:
    return n->value;
  case Op::VARIABLE:
    return variables[n->value];
  default:
    return apply(n->op, value_of(n->left, variables), n->right == nullptr ? 0 : value_of(n->right, variables));
  }
}

void run(const Node *statements, u32 *variables, Output &out) {
  for (const Node *s = statements; s != nullptr; s = s->next) {
    switch (s->op) {
    case Op::ASSIGN:
      variables[s->value] = value_of(s->left, variables);
      break;
    case Op::OUT:
      out.take(value_of(s->left, variables));
      break;
    case Op::REPEAT:
      for (u32 i = 0; i < s->value; i++)
        run(s->left->left, variables, out);
      break;
    case Op::IF:
      if (value_of(s->left, variables) != 0)
        run(s->right->left, variables, out);
      else if (s->third != nullptr)
        run(s->third->left, variables, out);
      break;
    default:
      run(s->left, variables, out);
      break;
    }
  }
}

}  // namespace

Output evaluate(const Node *statements) {
  Output out;
  u32 variables[VARIABLES];
  for (u32 i = 0; i < VARIABLES; i++)
    variables[i] = i * i + 1;
  run(statements, variables, out);
  return out;
}

}  // namespace compiler
