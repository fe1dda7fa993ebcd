#include "compiler.h"

namespace compiler {

u32 apply(Op op, u32 a, u32 b) {
  switch (op) {
  case Op::NEGATE:
    return -a;
  case Op::COMPLEMENT:
    return ~a;
  case Op::NOT:
    return a == 0;
  case Op::ADD:
    return a + b;
  case Op::SUBTRACT:
    return a - b;
  case Op::MULTIPLY:
    return a * b;
  case Op::DIVIDE:
    return b == 0 ? 0 : a / b;
  case Op::MODULO:
    return b == 0 ? 0 : a % b;
  case Op::AND:
    return a & b;
  case Op::OR:
    return a | b;
  case Op::XOR:
    return a ^ b;
  case Op::LEFT:
    return a << (b & 31);
  case Op::RIGHT:
    return a >> (b & 31);
  case Op::EQUAL:
    return a == b;
  case Op::UNEQUAL:
    return a != b;
  case Op::LESS:
    return a < b;
  case Op::LESS_EQUAL:
    return a <= b;
  case Op::BOTH:
    return a != 0 && b != 0;
  case Op::EITHER:
    return a != 0 || b != 0;
  default:
    return 0;
  }
}

namespace {

bool is_unary(Op op) { return op >= Op::NEGATE && op <= Op::NOT; }
bool is_binary(Op op) { return op >= Op::ADD && op <= Op::EITHER; }
bool is_number(const Node *n) { return n->op == Op::NUMBER; }
bool is_number(const Node *n, u32 value) { return n->op == Op::NUMBER && n->value == value; }
bool is_truth(const Node *n) { return n->op == Op::NOT || (n->op >= Op::EQUAL && n->op <= Op::EITHER) || (is_number(n) && n->value < 2); }
bool commutes(Op op) {
  switch (op) {
  case Op::ADD:
  case Op::MULTIPLY:
  case Op::AND:
  case Op::OR:
  case Op::XOR:
  case Op::EQUAL:
  case Op::UNEQUAL:
  case Op::BOTH:
  case Op::EITHER:
    return true;
  default:
    return false;
  }
}

bool same(const Node *a, const Node *b) {
  if (a == b)
    return true;
  if (a->op != b->op || a->value != b->value)
    return false;
  if (is_unary(a->op))
    return same(a->left, b->left);
  if (is_binary(a->op))
    return same(a->left, b->left) && same(a->right, b->right);
  return true;
}

Node *number(u32 value) { return make(Op::NUMBER, value); }
Node *truth(Node *n) { return is_truth(n) ? n : make(Op::UNEQUAL, 0, n, number(0)); }

Node *simplify_unary(Node *n) {
  Node *inner = n->left;
  if (is_number(inner))
    return number(apply(n->op, inner->value, 0));
  if (n->op == Op::NOT) {
    switch (inner->op) {
    case Op::EQUAL:
      return make(Op::UNEQUAL, 0, inner->left, inner->right);
    case Op::UNEQUAL:
      return make(Op::EQUAL, 0, inner->left, inner->right);
    case Op::LESS:
      return make(Op::LESS_EQUAL, 0, inner->right, inner->left);
    case Op::LESS_EQUAL:
      return make(Op::LESS, 0, inner->right, inner->left);
    case Op::NOT:
      return truth(inner->left);
    default:
      return n;
    }
  }
  if (inner->op == n->op)
    return inner->left;
  if (n->op == Op::NEGATE && inner->op == Op::SUBTRACT)
    return make(Op::SUBTRACT, 0, inner->right, inner->left);
  return n;
}

u32 power_of_two(u32 v) {
  u32 shift = 0;
  while (shift < 32 && v != 1u << shift)
    shift++;
  return shift;
}

// Rules for a constant right operand.
Node *simplify_with_number(Node *n) {
  Node *a = n->left;
  u32 v = n->right->value;
  switch (n->op) {
  case Op::ADD:
  case Op::SUBTRACT:
  case Op::OR:
  case Op::XOR:
    if (v == 0)
      return a;
    if (n->op == Op::SUBTRACT)
      return make(Op::ADD, 0, a, number(-v));
    if (n->op == Op::ADD && a->op == Op::ADD && is_number(a->right))
      return make(Op::ADD, 0, a->left, number(a->right->value + v));
    if (n->op == Op::XOR && v == ~0u)
      return make(Op::COMPLEMENT, 0, a);
    if (n->op == Op::OR && v == ~0u)
      return n->right;
    return n;
  case Op::MULTIPLY:
    if (v == 0)
      return n->right;
    if (v == 1)
      return a;
    if (u32 shift = power_of_two(v); shift < 32)
      return make(Op::LEFT, 0, a, number(shift));
    return n;
  case Op::DIVIDE:
    if (v == 0)
      return n->right;
    if (v == 1)
      return a;
    if (u32 shift = power_of_two(v); shift < 32)
      return make(Op::RIGHT, 0, a, number(shift));
    return n;
  case Op::MODULO:
    if (v == 0 || v == 1)
      return number(0);
    if (power_of_two(v) < 32)
      return make(Op::AND, 0, a, number(v - 1));
    return n;
  case Op::AND:
    if (v == 0)
      return n->right;
    return v == ~0u ? a : n;
  case Op::LEFT:
  case Op::RIGHT:
    return (v & 31) == 0 ? a : n;
  case Op::LESS:
    return v == 0 ? number(0) : v == 1 ? make(Op::NOT, 0, a) : n;
  case Op::LESS_EQUAL:
    return v == ~0u ? number(1) : v == 0 ? make(Op::NOT, 0, a) : n;
  case Op::EQUAL:
    return v == 0 ? make(Op::NOT, 0, a) : v == 1 && is_truth(a) ? a : n;
  case Op::UNEQUAL:
    return v == 0 && is_truth(a) ? a : n;
  case Op::BOTH:
    return v == 0 ? n->right : truth(a);
  case Op::EITHER:
    return v != 0 ? number(1) : truth(a);
  default:
    return n;
  }
}

Node *simplify_binary(Node *n) {
  if (is_number(n->left) && is_number(n->right))
    return number(apply(n->op, n->left->value, n->right->value));
  if (is_number(n->left) && commutes(n->op)) {
    Node *t = n->left;
    n->left = n->right;
    n->right = t;
  }
  if (is_number(n->right))
    return simplify_with_number(n);
  if (is_number(n->left, 0) && n->op != Op::LESS && n->op != Op::LESS_EQUAL) {
    if (n->op == Op::SUBTRACT)
      return make(Op::NEGATE, 0, n->right);
    return n->left;  // division, shifts
  }
  if (same(n->left, n->right)) {
    switch (n->op) {
    case Op::SUBTRACT:
    case Op::XOR:
    case Op::UNEQUAL:
    case Op::LESS:
    case Op::MODULO:
      return number(0);
    case Op::EQUAL:
    case Op::LESS_EQUAL:
      return number(1);
    case Op::AND:
    case Op::OR:
      return n->left;
    case Op::BOTH:
    case Op::EITHER:
      return truth(n->left);
    case Op::ADD:
      return make(Op::LEFT, 0, n->left, number(1));
    default:
      return n;
    }
  }
  if (n->op == Op::ADD && n->right->op == Op::NEGATE)
    return make(Op::SUBTRACT, 0, n->left, n->right->left);
  if (n->op == Op::SUBTRACT && n->right->op == Op::NEGATE)
    return make(Op::ADD, 0, n->left, n->right->left);
  return n;
}

Node *simplify(Node *n) {
  for (;;) {
    Node *better = n;
    if (is_unary(n->op)) {
      n->left = simplify(n->left);
      better = simplify_unary(n);
    } else if (is_binary(n->op)) {
      n->left = simplify(n->left);
      n->right = simplify(n->right);
      better = simplify_binary(n);
    }
    if (better == n)
      return n;
    n = better;
  }
}

// The values of variables that are known at a point of the program.
struct Known {
  bool is[VARIABLES];
  u32 value[VARIABLES];
  void forget() {
    for (bool &b : is)
      b = false;
  }
};

Node *substitute(Node *n, const Known &known) {
  if (n->op == Op::VARIABLE)
    return known.is[n->value] ? number(known.value[n->value]) : n;
  if (n->left != nullptr)
    n->left = substitute(n->left, known);
  if (n->right != nullptr)
    n->right = substitute(n->right, known);
  return n;
}

Node *pass(Node *statements, Known &known) {
  Node *first = nullptr, **end = &first;
  for (Node *s = statements; s != nullptr;) {
    Node *rest = s->next;
    s->next = nullptr;
    switch (s->op) {
    case Op::ASSIGN:
      s->left = simplify(substitute(s->left, known));
      known.is[s->value] = is_number(s->left);
      known.value[s->value] = s->left->value;
      if (s->left->op == Op::VARIABLE && s->left->value == s->value)
        s = nullptr;
      break;
    case Op::OUT:
      s->left = simplify(substitute(s->left, known));
      break;
    case Op::REPEAT:
      known.forget();
      s->left->left = pass(s->left->left, known);
      known.forget();
      break;
    case Op::IF:
      s->left = simplify(substitute(s->left, known));
      if (is_number(s->left)) {
        s = s->left->value != 0 ? s->right : s->third;
        if (s != nullptr)
          s->left = pass(s->left, known);
      } else {
        Known copy = known;
        s->right->left = pass(s->right->left, copy);
        copy = known;
        if (s->third != nullptr)
          s->third->left = pass(s->third->left, copy);
        known.forget();
      }
      break;
    default:
      s->left = pass(s->left, known);
      break;
    }
    if (s != nullptr) {
      *end = s;
      end = &s->next;
    }
    s = rest;
  }
  return first;
}

}  // namespace

Node *optimise(Node *statements) {
  Known known;
  for (u32 i = 0; i < VARIABLES; i++) {
    known.is[i] = true;
    known.value[i] = i * i + 1;
  }
  return pass(statements, known);
}

}  // namespace compiler
