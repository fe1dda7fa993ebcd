# What a call costs in instructions, by the size of the state that goes with it.
# --short: the least and the greatest sizes.
VECTOR = 8  # where an svc goes to
short = "--short" in args
sizes = {
    "ssr-packed": [64, 384] if short else [64, 96, 128, 192, 256, 320, 384],
    "ssr": [64, 1024] if short else [64, 128, 256, 384, 512, 768, 1024],
}


def call_cost(m):
    """From the svc to the method's first instruction, and from the svc of its return to the caller's next one."""
    touch = next(x for x in m.services.meter.methods if x.name == "touch")
    costs = []
    while len(costs) < 9 and m.until(VECTOR, ms=50):
        if m.registers.r12 >> 24 != touch.number:
            continue
        svc = m.ticks - 1
        back = m.registers.lr
        m.until(touch.address)
        call = m.ticks - svc
        m.until(VECTOR)
        end = m.ticks - 1
        m.until(back)
        costs.append(call + m.ticks - end)
    return sorted(costs)[len(costs) // 2]


rows = []
for policy in sizes:
    for size in sizes[policy]:
        with boot(policy=policy, run="calls0", until="dispatch") as m:
            m.services.meter.state_bytes = size
            rows.append({"policy": policy, "state_bytes": size, "call_instructions": call_cost(m)})

table = results.table(rows)
print(table)
table.save("statesize.csv")
chart.line(table, "state_bytes", "call_instructions", by="policy", title="A call and its return").save("statesize.svg")
