# How recovery grows with the number of clients whose states are read back, for packed and for mapped states.
# --short: three numbers of clients.
counts = [1, 4, 10] if "--short" in args else range(1, 11)

rows = []
for policy in ["ssr-packed", "ssr"]:
    for count in counts:
        with boot(policy=policy, run=",".join(f"steady{i}" for i in range(count)), ms=30) as m:
            m.services.counter.crash("abort")
            fault = m.until_event("fault", "counter", ms=100)
            recovered = m.until_event("recovered", "counter", ms=100)
            ticks = recovered.ticks - fault.ticks
            rows.append({"policy": policy, "clients": count, "recovery_instructions": ticks, "recovery_us": ticks / 200})

table = results.table(rows)
print(table)
table.save("clients.csv")
chart.line(table, "clients", "recovery_us", by="policy", title="Recovery of counter after an abort").save("clients.svg")
