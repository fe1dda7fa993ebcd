# The same crash of the store while ten clients work, under each recovery policy.
# --short: three policies.
policies = ["none", "restart", "datastore", "hot", "ssr", "ssr-packed"]
if "--short" in args:
    policies = ["none", "restart", "ssr-packed"]

rows = []
for policy in policies:
    with boot(policy=policy, run="mixed", ms=7.5) as m:
        result = m.faults.measure(lambda x: x.services.store.crash("abort"))
        rows.append({
            "policy": policy,
            "outcome": result.outcome,
            "recovery_us": result.recovery_us,
            "clients_harmed": len(result.differing),
        })

table = results.table(rows)
print(table)
table.save("policies.csv")
chart.bars(table, "policy", "clients_harmed", title="Clients of ten that notice the crash of the store").save("policies.svg")
