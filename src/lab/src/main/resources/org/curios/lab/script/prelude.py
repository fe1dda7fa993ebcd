# What scripts in Python see: classes made from the catalogue, whose things do what they do through the bridge.


def _curios_install(bridge):
    import sys

    plain = (str, bool, int, float)

    class GuestError(Exception):
        """What goes wrong in the use of a machine; ticks, pc and symbol say where its guest is."""

        def __init__(self, message="", ticks=None, pc=None, symbol=None):
            super().__init__(message)
            self.ticks = ticks
            self.pc = pc
            self.symbol = symbol

    class UsageError(GuestError, ValueError):
        """An argument is wrong."""

    class UnknownNameError(GuestError, AttributeError):
        """There is nothing of that name."""

    errors = {"GuestError": GuestError, "UsageError": UsageError, "UnknownNameError": UnknownNameError}
    for name, error in errors.items():
        error.__module__ = "curios"
        error.__qualname__ = name
    classes = {}

    def wrap(x):
        if x is None or isinstance(x, plain):
            return x
        kind = x.kind
        if kind == "nothing":
            return None
        if kind == "thing":
            return classes[x.type](x)
        if kind == "list":
            return [wrap(x.at(i)) for i in range(x.size())]
        if kind == "map":
            return {key: wrap(x.get(key)) for key in wrap(x.keys())}
        raise errors[x.type](*[wrap(x.at(i)) for i in range(x.size())])

    def unwrap(x):
        if x is None or isinstance(x, plain):
            return x
        if isinstance(x, Thing):
            return x._reply
        if isinstance(x, dict):
            return {key: unwrap(value) for key, value in x.items()}
        if callable(x):
            return lambda *given: unwrap(x(*[wrap(g) for g in given]))
        if hasattr(x, "__iter__"):
            return [unwrap(value) for value in x]
        return x

    class Thing:
        __slots__ = ("_reply",)

        def __init__(self, reply):
            object.__setattr__(self, "_reply", reply)

        def __repr__(self):
            return wrap(bridge.text(self._reply))

        def __eq__(self, other):
            return isinstance(other, Thing) and bridge.same(self._reply, other._reply)

        def __hash__(self):
            return bridge.hash(self._reply)

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return wrap(bridge.missing(self._reply, name, True, False))

        def __setattr__(self, name, value):
            member = getattr(type(self), name, None)
            if isinstance(member, property) and member.fset is not None:
                member.fset(self, value)
            else:
                wrap(bridge.missing(self._reply, name, True, True))

        def __dir__(self):
            return [name for name in dir(type(self)) if not name.startswith("_")]

    def iterate(self):
        return iter(wrap(bridge.items(self._reply)))

    def length(self):
        items = bridge.items(self._reply)
        return items.size() if items.kind == "list" else wrap(items)

    def get_item(self, key):
        return wrap(bridge.item(self._reply, unwrap(key)))

    def set_item(self, key, value):
        wrap(bridge.setItem(self._reply, unwrap(key), unwrap(value)))

    def contains(self, key):
        return wrap(bridge.has(self._reply, unwrap(key)))

    def get_attribute(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return wrap(bridge.item(self._reply, name))

    def set_attribute(self, name, value):
        member = getattr(type(self), name, None)
        if member is None:
            set_item(self, name, value)
        else:
            Thing.__setattr__(self, name, value)

    def enter(self):
        return self

    def leave(self, *exception):
        self.close()

    def make_property(name, doc, writable):
        def read(self):
            return wrap(bridge.get(self._reply, name))

        def write(self, value):
            wrap(bridge.set(self._reply, name, unwrap(value)))

        return property(read, write if writable else None, None, doc)

    def make_function(name, snake, doc, parameters):
        def function(self, *given, **named):
            arguments = {key: unwrap(value) for key, value in named.items()} if named else None
            return wrap(bridge.call(self._reply, name, [unwrap(g) for g in given], arguments))

        function.__name__ = function.__qualname__ = snake
        function.__doc__ = doc + "\n\nArguments: " + (", ".join(parameters) or "none")
        return function

    for t in wrap(bridge.types()):
        body = {"__doc__": t["doc"], "__slots__": (), "__module__": "curios"}
        if t["listed"]:
            body["__iter__"] = iterate
            body["__len__"] = length
        if t["keyed"]:
            body["__getitem__"] = get_item
            body["__setitem__"] = set_item
            body["__contains__"] = contains
            body["__getattr__"] = get_attribute
            body["__setattr__"] = set_attribute
        for m in t["members"]:
            if m["property"]:
                body[m["snake"]] = make_property(m["name"], m["doc"], m["writable"])
            else:
                body[m["snake"]] = make_function(m["name"], m["snake"], m["doc"], m["parameters"])
            if m["name"] == "close":
                body["__enter__"] = enter
                body["__exit__"] = leave
        classes[t["name"]] = type(t["name"], (Thing,), body)

    module = type(sys)("curios")
    names = dict(wrap(bridge.globals()))
    names.update(errors)
    names["boot"] = names["curios"].boot
    sys.argv = ["script", *names["args"]]
    module.__dict__.update(names)
    module.__dict__.update(classes)
    sys.modules["curios"] = module
    sys.modules["__main__"].__dict__.update(names)

    # What the host denies is no exception of Python's, and could not be caught: it is made one here.
    def guard(function):
        def guarded(*given, **named):
            done = []

            def work():
                try:
                    done.append((function(*given, **named), None))
                except BaseException as e:
                    done.append((None, e))

            denied = wrap(bridge.attempt(work))
            if denied is not None:
                if denied["missing"]:
                    raise OSError(errno.ENOSYS, denied["text"])
                raise PermissionError(errno.EPERM, denied["text"])
            result, exception = done[0]
            if exception is not None:
                raise exception
            return result

        return named_as(guarded, function)

    def refuse(function):
        def refused(*given, **named):
            raise PermissionError(errno.EPERM, "Operation not permitted: a script may not deal with signals")

        return named_as(refused, function)

    def named_as(made, function):
        made.__name__ = made.__qualname__ = getattr(function, "__name__", "function")
        made.__doc__ = function.__doc__
        return made

    def replace_functions():
        replaced = {}

        def replace(module, names, how):
            for name in names:
                function = getattr(module, name, None)
                if callable(function) and not isinstance(function, type):
                    replaced[id(function)] = (function, how(function))

        harmless = {"_exit", "abort", "fspath"}
        for name in ("posix", "select", "_socket", "_posixsubprocess", "_posixshmem"):
            module = importlib.import_module(name)
            replace(module, [n for n in dir(module) if not n.startswith("__") and n not in harmless], guard)
        replace(_thread, ["start_new_thread", "start_new", "start_joinable_thread"], guard)
        if not bridge.allowsHost():
            replace(_signal, ["signal", "alarm", "setitimer", "raise_signal", "pthread_kill", "siginterrupt"], refuse)

        def now(value):
            known = replaced.get(id(value))
            return known[1] if known is not None and known[0] is value else value

        for module in list(sys.modules.values()):
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if now(value) is not value:
                    setattr(module, name, now(value))
        for name in ("supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks"):
            setattr(os, name, {now(function) for function in getattr(os, name)})

        # A class cannot be guarded: one that is derived from it makes its things within the guard.
        if not bridge.allowsIo():
            class socket(_socket.socket):
                __slots__ = ()

                def __init__(self, *given, **named):
                    guard(_socket_init)(self, *given, **named)

            _socket_init = _socket.socket.__init__
            _socket.socket = _socket.SocketType = socket

    import _signal
    import _socket
    import _thread
    import errno
    import importlib
    import os

    replace_functions()

    def frames(exception):
        found = []
        trace = exception.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if not code.co_filename.startswith("curios:"):
                found.insert(0, (code.co_filename, trace.tb_lineno, code.co_name))
            trace = trace.tb_next
        return found

    return frames


globals().pop("_curios_install")
