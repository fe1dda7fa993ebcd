// Where the instructions go while ten clients work, by function.
// --short: a tenth of the time.
using(boot({ run: "mixed", ms: 7.5 }), m => {
  const rows = m.profile({ ms: args.includes("--short") ? 2 : 20 }).filter(row => row.function !== "(waiting)");
  const table = results.table(rows.slice(0, 12));
  print(table.text);
  table.save("instructions.csv");
  chart.bars(table, "function", "instructions", { title: "Instructions by function" }).save("instructions.svg");
});
