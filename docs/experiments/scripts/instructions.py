# Where the instructions go while ten clients work, by function.
# --short: a tenth of the time.
with boot(run="mixed", ms=7.5) as m:
    rows = [row for row in m.profile(ms=2 if "--short" in args else 20) if row["function"] != "(waiting)"]
    table = results.table(rows[:12])
    print(table)
    table.save("instructions.csv")
    chart.bars(table, "function", "instructions", title="Instructions by function").save("instructions.svg")
