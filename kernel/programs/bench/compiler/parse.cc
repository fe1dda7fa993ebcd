#include "compiler.h"

namespace compiler {

namespace {

enum class Token : u8 { END, NUMBER, NAME, OUT, REPEAT, IF, ELSE, SIGN };

const char *at;
Token token;
u32 value;       // of a number; number of a variable; the characters of a sign
Node nodes[NODES];
u32 node_count;

struct Symbol {
  u32 hash;
  char name[8];
  u32 length, number;
};
Symbol symbols[64];
u32 variable_count;

[[noreturn]] void wrong() {
  put("wrong program at: ");
  for (u32 i = 0; i < 20 && at[i] != 0; i++)
    put(at[i]);
  put('\n');
  exit(4);
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is(const char *word, const char *name, u32 length) {
  u32 i = 0;
  while (i < length && word[i] == name[i])
    i++;
  return i == length && word[i] == 0;
}

u32 lookup(const char *name, u32 length) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < length; i++)
    hash = (hash ^ static_cast<u8>(name[i])) * 16777619u;
  for (u32 slot = hash & 63;; slot = (slot + 1) & 63) {
    Symbol &s = symbols[slot];
    if (s.length == 0) {
      if (length > sizeof s.name || variable_count == VARIABLES)
        wrong();
      s.hash = hash;
      s.length = length;
      s.number = variable_count++;
      for (u32 i = 0; i < length; i++)
        s.name[i] = name[i];
      return s.number;
    }
    if (s.hash == hash && s.length == length) {
      u32 i = 0;
      while (i < length && s.name[i] == name[i])
        i++;
      if (i == length)
        return s.number;
    }
  }
}

void next() {
  for (;;) {
    while (*at == ' ' || *at == '\n')
      at++;
    if (*at != '#')
      break;
    while (*at != 0 && *at != '\n')
      at++;
  }
  if (*at == 0) {
    token = Token::END;
    value = 0;
  } else if (is_digit(*at)) {
    token = Token::NUMBER;
    value = 0;
    while (is_digit(*at))
      value = value * 10 + static_cast<u32>(*at++ - '0');
  } else if (is_letter(*at)) {
    const char *start = at;
    while (is_letter(*at))
      at++;
    u32 length = static_cast<u32>(at - start);
    if (is("out", start, length)) {
      token = Token::OUT;
    } else if (is("repeat", start, length)) {
      token = Token::REPEAT;
    } else if (is("if", start, length)) {
      token = Token::IF;
    } else if (is("else", start, length)) {
      token = Token::ELSE;
    } else {
      token = Token::NAME;
      value = lookup(start, length);
    }
  } else {
    token = Token::SIGN;
    value = static_cast<u8>(*at++);
    char c = static_cast<char>(value), d = *at;
    bool is_double = ((c == '<' || c == '>' || c == '=' || c == '!') && d == '=') ||
                     ((c == '<' || c == '>' || c == '&' || c == '|') && d == c);
    if (is_double)
      value |= static_cast<u32>(static_cast<u8>(*at++)) << 8;
  }
}

constexpr u32 two(char a, char b) { return static_cast<u8>(a) | static_cast<u32>(static_cast<u8>(b)) << 8; }

bool sign(u32 wanted) { return token == Token::SIGN && value == wanted; }

void expect(u32 wanted) {
  if (!sign(wanted))
    wrong();
  next();
}

struct Operator {
  u32 sign;
  u8 level;
  Op op;
  bool swapped;
};
constexpr Operator operators[] = {
    {two('|', '|'), 1, Op::EITHER, false},     {two('&', '&'), 2, Op::BOTH, false},
    {'|', 3, Op::OR, false},                   {'^', 4, Op::XOR, false},
    {'&', 5, Op::AND, false},                  {two('=', '='), 6, Op::EQUAL, false},
    {two('!', '='), 6, Op::UNEQUAL, false},    {'<', 7, Op::LESS, false},
    {two('<', '='), 7, Op::LESS_EQUAL, false}, {'>', 7, Op::LESS, true},
    {two('>', '='), 7, Op::LESS_EQUAL, true},  {two('<', '<'), 8, Op::LEFT, false},
    {two('>', '>'), 8, Op::RIGHT, false},      {'+', 9, Op::ADD, false},
    {'-', 9, Op::SUBTRACT, false},             {'*', 10, Op::MULTIPLY, false},
    {'/', 10, Op::DIVIDE, false},              {'%', 10, Op::MODULO, false},
};

Node *expression(u32 level);

Node *primary() {
  if (token == Token::NUMBER || token == Token::NAME) {
    Node *n = make(token == Token::NUMBER ? Op::NUMBER : Op::VARIABLE, value);
    next();
    return n;
  }
  if (sign('(')) {
    next();
    Node *n = expression(1);
    expect(')');
    return n;
  }
  static constexpr Operator unary[] = {{'-', 0, Op::NEGATE, false}, {'~', 0, Op::COMPLEMENT, false}, {'!', 0, Op::NOT, false}};
  for (const Operator &o : unary)
    if (sign(o.sign)) {
      next();
      return make(o.op, 0, primary());
    }
  wrong();
}

const Operator *binary(u32 level) {
  if (token == Token::SIGN)
    for (const Operator &o : operators)
      if (o.sign == value && o.level >= level)
        return &o;
  return nullptr;
}

// By precedence climbing; all operators group to the left.
Node *expression(u32 level) {
  Node *left = primary();
  while (const Operator *o = binary(level)) {
    next();
    Node *right = expression(o->level + 1u);
    left = o->swapped ? make(o->op, 0, right, left) : make(o->op, 0, left, right);
  }
  return left;
}

Node *statement();

Node *statements(bool inside) {
  Node *first = nullptr, **end = &first;
  while (inside ? !sign('}') : token != Token::END) {
    *end = statement();
    end = &(*end)->next;
  }
  return first;
}

Node *block() {
  expect('{');
  Node *n = make(Op::BLOCK, 0, statements(true));
  expect('}');
  return n;
}

Node *statement() {
  Node *n;
  switch (token) {
  case Token::NAME: {
    u32 variable = value;
    next();
    expect('=');
    n = make(Op::ASSIGN, variable, expression(1));
    expect(';');
    return n;
  }
  case Token::OUT:
    next();
    n = make(Op::OUT, 0, expression(1));
    expect(';');
    return n;
  case Token::REPEAT: {
    next();
    if (token != Token::NUMBER)
      wrong();
    u32 times = value;
    next();
    return make(Op::REPEAT, times, block());
  }
  case Token::IF: {
    next();
    Node *condition = expression(1), *then = block(), *otherwise = nullptr;
    if (token == Token::ELSE) {
      next();
      otherwise = block();
    }
    return make(Op::IF, 0, condition, then, otherwise);
  }
  default:
    return block();
  }
}

}  // namespace

Node *make(Op op, u32 value, Node *left, Node *right, Node *third) {
  if (node_count == NODES)
    wrong();
  Node *n = &nodes[node_count++];
  *n = {op, value, left, right, third, nullptr};
  return n;
}

void forget_nodes() { node_count = 0; }

Node *parse() {
  for (Symbol &s : symbols)
    s.length = 0;
  variable_count = 0;
  at = text;
  next();
  return statements(false);
}

}  // namespace compiler
