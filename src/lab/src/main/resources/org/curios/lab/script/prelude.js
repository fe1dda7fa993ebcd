// What scripts in JavaScript see: classes made from the catalogue, whose things do what they do through the bridge.
// A script may replace any function of the language: what is used here is taken before it begins, and neither methods nor
// iterators of arrays, texts and collections are looked up later.
(function (bridge) {
  'use strict';

  const { apply, construct, defineProperty, get: getProperty, getPrototypeOf, ownKeys } = Reflect;
  const { create, freeze, keys: keysOf } = Object;
  const { isArray } = Array;
  const { iterator: ITERATOR, toPrimitive: TO_PRIMITIVE } = Symbol;
  const { prototype: ARRAY } = Array;
  const { prototype: OBJECT } = Object;
  const { Number, Proxy, String, TypeError, WeakMap } = globalThis;
  const bound = (method, map) => apply(Function.prototype.bind, method, [map]);

  // Names that every object has; the script may add others, which are none of a thing's.
  const inherited = create(null);
  for (const name of ownKeys(OBJECT)) inherited[name] = true;

  class GuestError extends Error {
    constructor(message, ticks, pc, symbol) {
      super(message);
      this.name = new.target.name;
      this.ticks = ticks;
      this.pc = pc;
      this.symbol = symbol;
    }
  }
  class UsageError extends GuestError {}
  class UnknownNameError extends GuestError {}
  const errors = { __proto__: null, GuestError, UsageError, UnknownNameError };

  const replies = new WeakMap();
  const findReply = bound(WeakMap.prototype.get, replies);
  const keepReply = bound(WeakMap.prototype.set, replies);
  const isThing = bound(WeakMap.prototype.has, replies);
  const makers = create(null);

  function put(to, name, value) {
    defineProperty(to, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  }

  function replyOf(thing, type) {
    const reply = findReply(thing);
    if (reply === undefined) throw new TypeError('this function is of a ' + type + ', and was called on something else');
    return reply;
  }

  function mapped(list, change) {
    const all = [];
    for (let i = 0; i < list.length; i++) put(all, i, change(list[i]));
    return all;
  }

  function listOf(reply) {
    const all = [];
    for (let i = 0; i < reply.size(); i++) put(all, i, wrap(reply.at(i)));
    return all;
  }

  function wrap(x) {
    if (typeof x === 'bigint') return Number(x);
    if (typeof x !== 'object' || x === null) return x;
    switch (x.kind) {
      case 'nothing':
        return null;
      case 'thing':
        return makers[x.type](x);
      case 'list':
        return listOf(x);
      case 'map': {
        const map = {};
        const names = wrap(x.keys());
        for (let i = 0; i < names.length; i++) put(map, names[i], wrap(x.get(names[i])));
        return map;
      }
      default:
        throw construct(errors[x.type], listOf(x));
    }
  }

  function isPlain(x) {
    if (typeof x !== 'object' || x === null || isThing(x)) return false;
    const prototype = getPrototypeOf(x);
    return prototype === OBJECT || prototype === null;
  }

  function unwrap(x) {
    if (typeof x === 'function') return (...given) => unwrap(apply(x, undefined, mapped(given, wrap)));
    if (typeof x !== 'object' || x === null) return x;
    if (isThing(x)) return findReply(x);
    if (isArray(x)) return mapped(x, unwrap);
    if (isPlain(x)) {
      const copy = {};
      const names = keysOf(x);
      for (let i = 0; i < names.length; i++) put(copy, names[i], unwrap(x[names[i]]));
      return copy;
    }
    if (typeof x[ITERATOR] === 'function') {
      const all = [];
      for (const value of x) put(all, all.length, unwrap(value));
      return all;
    }
    return x;
  }

  // A number in a text: things are indexed by both.
  function key(name) {
    const start = name[0] === '-' ? 1 : 0;
    for (let i = start; i < name.length; i++) if (!(name[i] >= '0' && name[i] <= '9')) return name;
    return name.length > start ? Number(name) : name;
  }

  // A thing is looked up by name even if it has no such name, so that a mistyped one is reported.
  function handler(type, shape, members) {
    const own = create(null);
    const names = ownKeys(shape);
    for (let i = 0; i < names.length; i++) own[names[i]] = true;
    const isKey = name => type.keyed && typeof name === 'string' && !(name in inherited) && name !== 'then';
    return {
      __proto__: null,
      get(target, name) {
        if (name in own || name in inherited || typeof name === 'symbol') return getProperty(target, name);
        if (name === 'then') return undefined;
        const reply = replyOf(target, type.name);
        return wrap(isKey(name) ? bridge.item(reply, key(name)) : bridge.missing(reply, name, false, false));
      },
      set(target, name, value) {
        const reply = replyOf(target, type.name);
        if (name in members && members[name].writable) wrap(bridge.set(reply, name, unwrap(value)));
        else if (isKey(name) && !(name in own)) wrap(bridge.setItem(reply, key(name), unwrap(value)));
        else wrap(bridge.missing(reply, String(name), false, true));
        return true;
      },
      has(target, name) {
        return (
          name in own || name in inherited || (isKey(name) && wrap(bridge.has(replyOf(target, type.name), key(name))))
        );
      },
      defineProperty(target, name) {
        wrap(bridge.missing(replyOf(target, type.name), String(name), false, true));
      },
      setPrototypeOf() {
        return false;
      },
    };
  }

  function iteratorOf(list) {
    let i = 0;
    return {
      next: () => (i < list.length ? { value: list[i++], done: false } : { value: undefined, done: true }),
      [ITERATOR]() {
        return this;
      },
    };
  }

  // What JSON.stringify shows of a thing: what a loop over it sees, or its plain values.
  function plain(reply, type) {
    if (!type.listed) return wrap(bridge.plain(reply));
    const items = wrap(bridge.items(reply));
    if (items.length === 0 || typeof items[0] !== 'string') return items;
    const values = {};
    for (let i = 0; i < items.length; i++) put(values, items[i], wrap(bridge.item(reply, items[i])));
    return values;
  }

  function define(type) {
    const members = create(null);
    for (let i = 0; i < type.members.length; i++) members[type.members[i].name] = type.members[i];
    const shape = {
      toString() {
        return isThing(this) ? wrap(bridge.text(findReply(this))) : '<' + type.name + '>';
      },
      equals(other) {
        return isThing(other) && bridge.same(replyOf(this, type.name), findReply(other));
      },
      toJSON() {
        return isThing(this) ? plain(findReply(this), type) : {};
      },
      [TO_PRIMITIVE]() {
        return apply(shape.toString, this, []);
      },
    };
    if (type.listed) {
      const items = thing => wrap(bridge.items(replyOf(thing, type.name)));
      defineProperty(shape, 'length', {
        __proto__: null,
        get() {
          const found = bridge.items(replyOf(this, type.name));
          return found.kind === 'list' ? found.size() : wrap(found);
        },
      });
      shape[ITERATOR] = function () {
        return iteratorOf(items(this));
      };
      for (const name of ['map', 'filter', 'forEach', 'find', 'some', 'every', 'reduce']) {
        const method = ARRAY[name];
        shape[name] = function (...given) {
          return apply(method, items(this), given);
        };
      }
    }
    for (let i = 0; i < type.members.length; i++) {
      const m = type.members[i];
      if (m.property) {
        defineProperty(shape, m.name, {
          __proto__: null,
          get() {
            return wrap(bridge.get(replyOf(this, type.name), m.name));
          },
        });
      } else {
        shape[m.name] = function (...given) {
          const byName = given.length > 0 && isPlain(given[given.length - 1]);
          const named = byName ? unwrap(given[given.length - 1]) : null;
          if (byName) given.length--;
          return wrap(bridge.call(replyOf(this, type.name), m.name, mapped(given, unwrap), named));
        };
      }
    }
    freeze(shape);
    const traps = handler(type, shape, members);
    makers[type.name] = reply => {
      const target = create(shape);
      const thing = new Proxy(target, traps);
      keepReply(target, reply);
      keepReply(thing, reply);
      return thing;
    };
  }

  const types = wrap(bridge.types());
  for (let i = 0; i < types.length; i++) define(types[i]);
  Object.assign(globalThis, wrap(bridge.globals()), errors);
  globalThis.using = (thing, work) => {
    try {
      return work(thing);
    } finally {
      thing.close();
    }
  };
  const { curios } = globalThis;
  globalThis.boot = (...given) => apply(curios.boot, curios, given);
});
