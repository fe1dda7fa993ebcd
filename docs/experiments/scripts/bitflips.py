# The effect of each single-bit flip in the code of one method while two clients call it.
# --short: one bit in eight.
outcomes = ["unnoticed", "recovered", "recovered-degraded", "silent corruption", "service lost", "system lost"]
columns = [name.replace(" ", "_").replace("-", "_") + "_trials" for name in outcomes]
step = 8 if "--short" in args else 1

rows = []
with boot(run="steady0,steady1", ms=20) as m, m.faults.trials(ms=20) as trials:
    method = next(x for x in m.services.counter.methods if x.name == "add")
    code = m.symbols.of(method.address)
    for at in range(code.address, code.address + code.bytes, 4):
        row = {"offset_bytes": at - code.address, "instruction": m.disassemble(at, 1)[0].split("  ")[-1]}
        row.update({column: 0 for column in columns})
        for bit in range(0, 32, step):
            result = trials.measure(lambda x: x.faults.code(at, bit))
            row[columns[outcomes.index(result.outcome)]] += 1
        rows.append(row)

table = results.table(rows)
print(table)
table.save("bitflips.csv")
chart.bars(table, "offset_bytes", columns, stacked=True, title="A flipped bit in counter.add").save("bitflips.svg")
