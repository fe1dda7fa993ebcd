// The same crash of the store while ten clients work, under each recovery policy.
// --short: three policies.
const policies = args.includes("--short")
  ? ["none", "restart", "ssr-packed"]
  : ["none", "restart", "datastore", "hot", "ssr", "ssr-packed"];

const rows = [];
for (const policy of policies) {
  using(boot({ policy, run: "mixed", ms: 7.5 }), m => {
    const result = m.faults.measure(x => x.services.store.crash("abort"));
    rows.push({
      policy,
      outcome: result.outcome,
      recovery_us: result.recoveryUs,
      clients_harmed: result.differing.length,
    });
  });
}

const table = results.table(rows);
print(table.text);
table.save("policies.csv");
chart.bars(table, "policy", "clients_harmed", { title: "Clients of ten that notice the crash of the store" }).save("policies.svg");
