# How long a service that hangs is waited for, by the deadline of its requests.
# --short: two deadlines.
deadlines = [2, 20] if "--short" in args else [1, 2, 3, 5, 10, 15, 20, 30, 50]

rows = []
for deadline in deadlines:
    with boot(run="steady0,steady1", ms=20) as m:
        m.services.counter.deadline_ms = deadline
        m.services.counter.crash("hang")
        hangs = m.until_event("armed", "counter", ms=100)
        fault = m.until_event("fault", "counter", ms=200)
        recovered = m.until_event("recovered", "counter", ms=100)
        rows.append({
            "deadline_ms": deadline,
            "detected_by": fault.fault,
            "latency_us": (fault.ticks - hangs.ticks) / 200,
            "recovery_us": (recovered.ticks - fault.ticks) / 200,
        })

table = results.table(rows)
print(table)
table.save("deadline.csv")
chart.line(table, "deadline_ms", "latency_us", title="From the request that hangs to its detection").save("deadline.svg")
