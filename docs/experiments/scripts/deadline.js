// How long a service that hangs is waited for, by the deadline of its requests.
// --short: two deadlines.
const deadlines = args.includes("--short") ? [2, 20] : [1, 2, 3, 5, 10, 15, 20, 30, 50];

const rows = [];
for (const deadline of deadlines) {
  using(boot({ run: "steady0,steady1", ms: 20 }), m => {
    m.services.counter.deadlineMs = deadline;
    m.services.counter.crash("hang");
    const hangs = m.untilEvent("armed", "counter", { ms: 100 });
    const fault = m.untilEvent("fault", "counter", { ms: 200 });
    const recovered = m.untilEvent("recovered", "counter", { ms: 100 });
    rows.push({
      deadline_ms: deadline,
      detected_by: fault.fault,
      latency_us: (fault.ticks - hangs.ticks) / 200,
      recovery_us: (recovered.ticks - fault.ticks) / 200,
    });
  });
}

const table = results.table(rows);
print(table.text);
table.save("deadline.csv");
chart.line(table, "deadline_ms", "latency_us", { title: "From the request that hangs to its detection" }).save("deadline.svg");
