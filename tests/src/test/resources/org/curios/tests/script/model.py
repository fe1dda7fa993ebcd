# What scripts see of a machine and its guest, in Python. Each check prints ok, or what is wrong.
import sys


def check(name, got, wanted=True):
    print("ok" if got == wanted else f"got {got!r} instead of {wanted!r}:", name)


def raises(kind, work):
    try:
        work()
    except kind as e:
        return e
    return None


def denied(work):
    try:
        work()
    except Exception:
        return True
    return False


seen = []
check("names", [s.name for s in services], ["names", "console", "timer", "sched", "store", "uartirq", "counter", "netirq", "meter", "files", "card", "net", "ether", "flush"])
check("length", len(services), 14)
check("in", ("store" in services, "stroe" in services, services.store in services), (True, False, True))
check("index", (services[0].name, services[-1].name, services["store"].name), ("names", "flush", "store"))
check("equality", (services.store == services[4], services.store == services.names, len({services[0], services[0]})), (True, False, 1))
check("property", (machine.ticks, machine.us, machine.policy), (2000000, 10000.0, "ssr-packed"))
check("method", [m.name for m in services.counter.methods], ["nothing", "add", "sum", "touch", "turn"])
check("keywords", (machine.run(us=5), machine.ticks), ("ticks", 2001000))
check("snake case", (services.counter.deadline_ms, services.counter.last_fault), (20, None))
services.counter.deadline_ms = 5
check("assignment", services.counter.deadline_ms, 5)
machine.registers.r3 = 0x12345678
machine.memory["event_ring"] = 0xDEADBEEF
check("registers", (machine.registers.r3, machine.registers["r3"]), (0x12345678, 0x12345678))
check("memory", (machine.memory["event_ring"], machine.memory.bytes("event_ring", 2)), (0xDEADBEEF, [0xEF, 0xBE]))
subscription = machine.on("fault", lambda e: seen.append((e.service, e.fault)))
services.store.crash()
recovered = machine.until_event("recovered", "store", ms=100)
check("callback", seen, [("store", "data abort")])
check("event", (recovered.kind, recovered.restarts, recovered.machine == machine), ("recovered", 1, True))
subscription.close()
with machine.fork() as a, machine.fork() as b:
    for m in (a, b):
        m.console.type("put 7 49\nget 7\n")
        m.run(ms=30)
        m.services.sched.crash("undef")
        m.run(ms=50)
    same = (a.ticks, str(a.registers), a.console.text) == (b.ticks, str(b.registers), b.console.text)
check("forks", same)
check("with closes", str(raises(GuestError, lambda: a.run())), "Machine.run: the machine is closed")
check("fork with a function", machine.fork(lambda m: m.run(ticks=7) + str(m.ticks - machine.ticks)), "ticks7")
e = raises(UnknownNameError, lambda: services.stroe)
check("unknown name", str(e).startswith("Services: stroe: no such service; did you mean store?"))
check("guest context", (e.ticks, type(e.pc), type(e.symbol)), (machine.ticks, int, str))
check("classes", (isinstance(e, GuestError), isinstance(e, AttributeError), hasattr(services, "stroe")), (True, True, False))
check("usage", isinstance(raises(UsageError, lambda: machine.run(mss=3)), ValueError))
check("misuse", str(raises(UsageError, lambda: machine.run("x"))), "Machine.run: ticks must be a whole number, not the text 'x'")
check("no such function", str(raises(UnknownNameError, lambda: machine.rum())), "Machine.rum: no such property or function; did you mean run?")
check("read only", str(raises(UnknownNameError, lambda: setattr(machine, "ticks", 4))), "Machine.ticks: cannot be changed")
check("table", [dict(r) for r in results.table({"a": i, "b_us": i / 2} for i in range(2))], [{"a": 0, "b_us": 0}, {"a": 1, "b_us": 0.5}])
check("table of things", results.table(services)["name"][4], "store")
check("documentation", machine.fork.__doc__.startswith("Makes a second machine") and "services" in dir(machine))
check("module", __import__("curios").machine is machine)
check("arguments", (args, sys.argv), (["--short"], ["script", "--short"]))
check("no files", denied(lambda: open("/etc/passwd")) and denied(lambda: open("x", "w")) and denied(lambda: __import__("os").listdir("/")))
check("no classes", denied(lambda: __import__("java").type("java.lang.System")) and denied(lambda: machine._reply.thing()))
check("owner", (ssrs["store/steady0"].server.name, ssrs["store/steady0"].owner.name), ("store", "steady0"))
check("places", (machine.until("store.put", ms=100), machine.symbol), (True, "put"))
check("callback's exception", isinstance(raises(KeyError, lambda: [machine.on("call", lambda e: {}["x"]), machine.run(ms=20)]), KeyError))
import asyncio, concurrent.futures, os, signal, socket, subprocess, tempfile, threading, urllib.request
DENIED = {
    "system": lambda: os.system("id"),
    "popen": lambda: os.popen("id"),
    "run": lambda: subprocess.run(["id"]),
    "getcwd": lambda: os.getcwd(),
    "chdir": lambda: os.chdir("/"),
    "access": lambda: os.access("/tmp", 0),
    "remove": lambda: os.remove("/tmp/nothing"),
    "thread": lambda: threading.Thread(target=print).start(),
    "pool": lambda: concurrent.futures.ThreadPoolExecutor().submit(print),
    "socket": lambda: socket.socket(),
    "address": lambda: socket.getaddrinfo("localhost", 80),
    "loop": lambda: asyncio.run(asyncio.sleep(0)),
    "signal": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    "alarm": lambda: signal.alarm(1),
}
check("denied in Python's words", [n for n, f in DENIED.items() if not isinstance(raises(Exception, f), PermissionError)], [])
check("what is denied", str(raises(PermissionError, DENIED["system"])), "[Errno 1] Operation not permitted: a script may not start processes")
check("a denied address is no Java", "Java" in str(raises(OSError, lambda: urllib.request.urlopen("http://localhost/"))), False)
check("not there", raises(OSError, lambda: os.getppid()).errno, 38)
check("what is allowed goes on", (os.fspath("x"), len(os.urandom(3)), os.getpid() > 0, os.path.join("a", "b")), ("x", 3, True, "a/b"))
check("exceptions of guarded functions", isinstance(raises(Exception, lambda: os.mkdir()), TypeError))
seen = []
plan = campaigns.plan(sampling={"trials": 2}, faults=[{"kind": "crash", "services": [services.store], "places": ["abort"]}], seed=3)
campaign = plan.run(folder="campaign", threads=1, progress=lambda p: seen.append((p.done, p.trials)))
check("campaign", (plan.trials, plan.kinds, campaign.complete, seen[-1]), (2, ["crash"], True, (2, 2)))
check("its outcomes", (campaign.tally(service="store").detected, len(campaign.trials(outcome="recovered")), campaigns.open("campaign").made), (2, campaign.tally().lossless.some, 2))
check("a wrong plan", "did you mean register" in str(raises(UsageError, lambda: campaigns.plan(sampling={"trials": 2}, faults=["regster"]))))
