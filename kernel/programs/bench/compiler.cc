// A small compiler: makes expressions, tokenises, parses, folds constants, and evaluates them. Much code, each part of
// it run rarely.
#include "bench.h"

namespace {
struct Node {
  char op;
  u32 value;
  Node *left, *right;
};
Node pool[2048];
u32 used;
char text[4096];
const char *at;

Node *make(char op, u32 value, Node *left, Node *right) {
  pool[used] = {op, value, left, right};
  return &pool[used++];
}

u32 write_expression(char *to, u32 size, Random &random, int depth) {
  u32 n = 0;
  if (depth == 0 || random.next() % 5 == 0) {
    if (random.next() % 3 == 0) {
      to[n++] = static_cast<char>('a' + random.next() % 8);
      return n;
    }
    u32 digits = 1 + random.next() % 4;
    while (digits-- > 0)
      to[n++] = static_cast<char>('0' + random.next() % 10);
    return n;
  }
  to[n++] = '(';
  n += write_expression(to + n, size - n, random, depth - 1);
  to[n++] = "+-*&|^"[random.next() % 6];
  n += write_expression(to + n, size - n, random, depth - 1);
  to[n++] = ')';
  return n;
}

Node *parse() {
  if (*at == '(') {
    at++;
    Node *left = parse();
    char op = *at++;
    Node *right = parse();
    at++;
    return make(op, 0, left, right);
  }
  if (*at >= 'a' && *at <= 'z')
    return make('v', static_cast<u32>(*at++ - 'a'), nullptr, nullptr);
  u32 value = 0;
  while (*at >= '0' && *at <= '9')
    value = value * 10 + static_cast<u32>(*at++ - '0');
  return make('n', value, nullptr, nullptr);
}

u32 apply(char op, u32 a, u32 b) {
  switch (op) {
  case '+':
    return a + b;
  case '-':
    return a - b;
  case '*':
    return a * b;
  case '&':
    return a & b;
  case '|':
    return a | b;
  default:
    return a ^ b;
  }
}

Node *fold(Node *n) {
  if (n->left == nullptr)
    return n;
  n->left = fold(n->left);
  n->right = fold(n->right);
  if (n->left->op == 'n' && n->right->op == 'n')
    return make('n', apply(n->op, n->left->value, n->right->value), nullptr, nullptr);
  if (n->right->op == 'n' && n->right->value == 0) {
    if (n->op == '+' || n->op == '-' || n->op == '|' || n->op == '^')
      return n->left;
    return n->right;
  }
  return n;
}

u32 evaluate(const Node *n, const u32 *variables) {
  if (n->op == 'n')
    return n->value;
  if (n->op == 'v')
    return variables[n->value];
  return apply(n->op, evaluate(n->left, variables), evaluate(n->right, variables));
}
} // namespace

u32 unit() {
  Random random;
  u32 variables[8], sum = 0;
  for (u32 i = 0; i < 8; i++)
    variables[i] = i * i + 1;
  for (int k = 0; k < 60; k++) {
    used = 0;
    text[write_expression(text, sizeof text, random, 7)] = 0;
    at = text;
    Node *tree = fold(parse());
    for (u32 i = 0; i < 8; i++) {
      variables[i] += sum;
      sum = sum * 31 + evaluate(tree, variables);
    }
  }
  return sum;
}
