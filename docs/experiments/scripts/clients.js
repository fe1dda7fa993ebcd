// How recovery grows with the number of clients whose states are read back, for packed and for mapped states.
// --short: three numbers of clients.
const counts = args.includes("--short") ? [1, 4, 10] : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const rows = [];
for (const policy of ["ssr-packed", "ssr"]) {
  for (const count of counts) {
    const run = Array.from({ length: count }, (_, i) => "steady" + i).join(",");
    using(boot({ policy, run, ms: 30 }), m => {
      m.services.counter.crash("abort");
      const fault = m.untilEvent("fault", "counter", { ms: 100 });
      const recovered = m.untilEvent("recovered", "counter", { ms: 100 });
      const ticks = recovered.ticks - fault.ticks;
      rows.push({ policy, clients: count, recovery_instructions: ticks, recovery_us: ticks / 200 });
    });
  }
}

const table = results.table(rows);
print(table.text);
table.save("clients.csv");
chart.line(table, "clients", "recovery_us", { by: "policy", title: "Recovery of counter after an abort" }).save("clients.svg");
