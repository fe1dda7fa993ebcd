// What scripts in JavaScript see: classes made from the catalogue, whose things do what they do through the bridge.
(function (bridge) {
  'use strict';

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
  const errors = { GuestError, UsageError, UnknownNameError };

  const replies = new WeakMap();
  const makers = new Map();

  function wrap(x) {
    if (typeof x === 'bigint') return Number(x);
    if (typeof x !== 'object' || x === null) return x;
    switch (x.kind) {
      case 'nothing':
        return null;
      case 'thing':
        return makers.get(x.type)(x);
      case 'list':
        return Array.from({ length: x.size() }, (_, i) => wrap(x.at(i)));
      case 'map': {
        const map = {};
        for (const key of wrap(x.keys())) map[key] = wrap(x.get(key));
        return map;
      }
      default:
        throw new errors[x.type](...Array.from({ length: x.size() }, (_, i) => wrap(x.at(i))));
    }
  }

  const isPlain = x => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

  function unwrap(x) {
    if (typeof x === 'function') return (...given) => unwrap(x(...given.map(wrap)));
    if (typeof x !== 'object' || x === null) return x;
    if (replies.has(x)) return replies.get(x);
    if (Array.isArray(x)) return x.map(unwrap);
    if (isPlain(x)) return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, unwrap(value)]));
    if (typeof x[Symbol.iterator] === 'function') return Array.from(x, unwrap);
    return x;
  }

  // A thing is looked up by name even if it has no such name, so that a mistyped one is told.
  function handler(type, members) {
    const isKey = name => type.keyed && typeof name === 'string' && !(name in Object.prototype);
    return {
      get(target, name, receiver) {
        if (name in target || typeof name === 'symbol') return Reflect.get(target, name, receiver);
        const reply = replies.get(receiver);
        if (isKey(name) && name !== 'then' && name !== 'toJSON') return wrap(bridge.item(reply, key(name)));
        return name === 'then' || name === 'toJSON' ? undefined : wrap(bridge.missing(reply, name, false, false));
      },
      set(target, name, value, receiver) {
        const reply = replies.get(receiver);
        if (typeof name === 'string' && members.get(name)?.writable) wrap(bridge.set(reply, name, unwrap(value)));
        else if (isKey(name) && !(name in target)) wrap(bridge.setItem(reply, key(name), unwrap(value)));
        else wrap(bridge.missing(reply, String(name), false, true));
        return true;
      },
      has(target, name) {
        return name in target || (isKey(name) && wrap(bridge.has(target.reply(), key(name))));
      },
    };
  }

  const key = name => (/^-?\d+$/.test(name) ? Number(name) : name);

  function define(type) {
    const members = new Map(type.members.map(m => [m.name, m]));
    const shape = {
      toString() {
        return wrap(bridge.text(replies.get(this)));
      },
      equals(other) {
        return replies.has(other) && bridge.same(replies.get(this), replies.get(other));
      },
      [Symbol.toPrimitive]() {
        return this.toString();
      },
    };
    if (type.listed) {
      Object.defineProperty(shape, 'length', {
        get() {
          const items = bridge.items(replies.get(this));
          return items.kind === 'list' ? items.size() : wrap(items);
        },
      });
      shape[Symbol.iterator] = function () {
        return wrap(bridge.items(replies.get(this)))[Symbol.iterator]();
      };
      for (const name of ['map', 'filter', 'forEach', 'find', 'some', 'every', 'reduce'])
        shape[name] = function (...given) {
          return Array.from(this)[name](...given);
        };
    }
    for (const m of type.members) {
      if (m.property) {
        Object.defineProperty(shape, m.name, {
          get() {
            return wrap(bridge.get(replies.get(this), m.name));
          },
        });
      } else {
        shape[m.name] = function (...given) {
          const named = given.length > 0 && isPlain(given.at(-1)) ? unwrap(given.pop()) : null;
          return wrap(bridge.call(replies.get(this), m.name, given.map(unwrap), named));
        };
      }
    }
    const traps = handler(type, members);
    makers.set(type.name, reply => {
      const thing = new Proxy(Object.create(shape, { reply: { value: () => reply } }), traps);
      replies.set(thing, reply);
      return thing;
    });
  }

  for (const type of wrap(bridge.types())) define(type);
  Object.assign(globalThis, wrap(bridge.globals()), errors);
  globalThis.using = (thing, work) => {
    try {
      return work(thing);
    } finally {
      thing.close();
    }
  };
  globalThis.boot = globalThis.curios.boot.bind(globalThis.curios);
});
