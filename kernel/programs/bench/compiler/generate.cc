#include "compiler.h"

namespace compiler {

Instruction code[CODE];
u32 code_length;

namespace {

u32 counters;  // of open loops, in memory after the variables

u32 emit(Code c, Op op, u32 to, u32 a, u32 b, u32 value) {
  if (code_length == CODE)
    exit(5);
  code[code_length] = {c, op, static_cast<u8>(to), static_cast<u8>(a), static_cast<u8>(b), value};
  return code_length++;
}

// How many registers an expression needs (Sethi and Ullman).
u32 need(const Node *n) {
  if (n->op == Op::NUMBER || n->op == Op::VARIABLE)
    return 1;
  if (n->right == nullptr)
    return need(n->left);
  u32 left = need(n->left), right = n->right->op == Op::NUMBER ? 0 : need(n->right);
  return left == right ? left + 1 : left > right ? left : right;
}

// Leaves the value in register `to`; the registers above it, and memory from `spill` on, are free.
void expression(const Node *n, u32 to, u32 spill) {
  switch (n->op) {
  case Op::NUMBER:
    emit(Code::NUMBER, n->op, to, 0, 0, n->value);
    return;
  case Op::VARIABLE:
    emit(Code::LOAD, n->op, to, 0, 0, n->value);
    return;
  case Op::NEGATE:
  case Op::COMPLEMENT:
  case Op::NOT:
    expression(n->left, to, spill);
    emit(Code::UNARY, n->op, to, to, 0, 0);
    return;
  default:
    break;
  }
  if (n->right->op == Op::NUMBER) {
    expression(n->left, to, spill);
    emit(Code::BINARY_NUMBER, n->op, to, to, 0, n->right->value);
  } else if (to + 1 == REGISTERS) {
    expression(n->left, to, spill);
    emit(Code::STORE, n->op, to, 0, 0, spill);
    expression(n->right, to, spill + 1);
    emit(Code::MOVE, n->op, 0, to, 0, 0);  // register 0 is reserved for this
    emit(Code::LOAD, n->op, to, 0, 0, spill);
    emit(Code::BINARY, n->op, to, to, 0, 0);
  } else if (need(n->left) >= need(n->right)) {
    expression(n->left, to, spill);
    expression(n->right, to + 1, spill);
    emit(Code::BINARY, n->op, to, to, to + 1, 0);
  } else {
    expression(n->right, to, spill);
    expression(n->left, to + 1, spill);
    emit(Code::BINARY, n->op, to, to + 1, to, 0);
  }
}

void statement(const Node *s) {
  u32 spill = VARIABLES + counters;
  switch (s->op) {
  case Op::ASSIGN:
    expression(s->left, 1, spill);
    emit(Code::STORE, s->op, 1, 0, 0, s->value);
    break;
  case Op::OUT:
    expression(s->left, 1, spill);
    emit(Code::OUT, s->op, 1, 0, 0, 0);
    break;
  case Op::REPEAT: {
    emit(Code::NUMBER, s->op, 1, 0, 0, s->value);
    emit(Code::STORE, s->op, 1, 0, 0, spill);
    counters++;
    u32 start = code_length;
    for (const Node *n = s->left->left; n != nullptr; n = n->next)
      statement(n);
    counters--;
    emit(Code::COUNT_DOWN, s->op, 0, static_cast<u8>(spill), 0, start);
    break;
  }
  case Op::IF: {
    expression(s->left, 1, spill);
    u32 over = emit(Code::JUMP_IF_ZERO, s->op, 0, 1, 0, 0);
    statement(s->right);
    if (s->third != nullptr) {
      u32 out = emit(Code::JUMP, s->op, 0, 0, 0, 0);
      code[over].value = code_length;
      statement(s->third);
      code[out].value = code_length;
    } else {
      code[over].value = code_length;
    }
    break;
  }
  default:
    for (const Node *n = s->left; n != nullptr; n = n->next)
      statement(n);
    break;
  }
}

bool is_jump(Code c) { return c == Code::JUMP || c == Code::JUMP_IF_ZERO || c == Code::JUMP_IF_NOT || c == Code::COUNT_DOWN; }

bool targets[CODE + 1];

void find_targets() {
  for (u32 i = 0; i <= code_length; i++)
    targets[i] = false;
  for (u32 i = 0; i < code_length; i++)
    if (is_jump(code[i].code))
      targets[code[i].value] = true;
}

// Peephole rules for two adjacent instructions; whether one applied.
bool improve(Instruction &a, Instruction &b) {
  if (a.code == Code::STORE && b.code == Code::LOAD && a.value == b.value) {
    b = {Code::MOVE, a.op, b.to, a.to, 0, 0};
    return true;
  }
  if (a.code == Code::MOVE && a.to == a.a) {
    a.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::LOAD && b.code == Code::LOAD && a.to == b.to) {
    a.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::NUMBER && b.code == Code::UNARY && a.to == b.a && a.to == b.to) {
    a.value = apply(b.op, a.value, 0);
    b.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::NUMBER && b.code == Code::BINARY_NUMBER && a.to == b.a && a.to == b.to) {
    a.value = apply(b.op, a.value, b.value);
    b.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::BINARY_NUMBER && b.code == Code::BINARY_NUMBER && a.op == b.op && a.to == b.a && a.to == b.to &&
      (a.op == Op::AND || a.op == Op::OR || a.op == Op::XOR || a.op == Op::ADD)) {
    a.value = apply(a.op, a.value, b.value);
    b.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::UNARY && a.op == Op::NOT && b.code == Code::JUMP_IF_ZERO && a.to == b.a) {
    b.code = Code::JUMP_IF_NOT;
    b.a = a.a;
    a.code = Code::NOTHING;
    return true;
  }
  if (a.code == Code::STORE && b.code == Code::STORE && a.value == b.value) {
    a.code = Code::NOTHING;
    return true;
  }
  return false;
}

// Redirects jumps to jumps, and removes unreachable code after jumps.
bool shorten_jumps() {
  bool changed = false;
  for (u32 i = 0; i < code_length; i++) {
    if (!is_jump(code[i].code))
      continue;
    const Instruction &there = code[code[i].value];
    if (there.code == Code::JUMP && there.value != code[i].value) {
      code[i].value = there.value;
      changed = true;
    }
    if (code[i].code == Code::JUMP) {
      u32 k = i + 1;
      for (; k < code_length && !targets[k] && code[k].code != Code::HALT; k++) {
        changed |= code[k].code != Code::NOTHING;
        code[k].code = Code::NOTHING;
      }
      if (code[i].value == k) {
        code[i].code = Code::NOTHING;
        changed = true;
      }
    }
  }
  return changed;
}

u32 moved[CODE + 1];

void squeeze() {
  u32 to = 0;
  for (u32 i = 0; i < code_length; i++) {
    moved[i] = to;
    if (code[i].code != Code::NOTHING)
      code[to++] = code[i];
  }
  moved[code_length] = to;
  code_length = to;
  for (u32 i = 0; i < code_length; i++)
    if (is_jump(code[i].code))
      code[i].value = moved[code[i].value];
}

}  // namespace

void generate(const Node *statements) {
  code_length = 0;
  counters = 0;
  for (const Node *s = statements; s != nullptr; s = s->next)
    statement(s);
  emit(Code::HALT, Op::BLOCK, 0, 0, 0, 0);
  bool changed = true;
  for (u32 round = 0; changed && round < 8; round++) {
    changed = false;
    find_targets();
    for (u32 i = 0; i + 1 < code_length; i++)
      while (!targets[i + 1] && improve(code[i], code[i + 1]))
        changed = true;
    changed |= shorten_jumps();
    squeeze();
  }
}

}  // namespace compiler
