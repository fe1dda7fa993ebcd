// The effect of each single-bit flip in the code of one method while two clients call it.
// --short: one bit in eight.
const m = boot({ run: "steady0,steady1", ms: 20 });
const method = m.services.counter.methods.find(x => x.name === "add");
const code = m.symbols.of(method.address);
const outcomes = ["unnoticed", "recovered", "recovered-degraded", "silent corruption", "service lost", "system lost"];
const column = outcome => outcome.replace(/[ -]/g, "_") + "_trials";
const step = args.includes("--short") ? 8 : 1;

const rows = [];
const trials = m.faults.trials({ ms: 20 });
for (let at = code.address; at < code.address + code.bytes; at += 4) {
  const row = { offset_bytes: at - code.address, instruction: m.disassemble(at, 1)[0].split("  ").pop() };
  for (const name of outcomes) row[column(name)] = 0;
  for (let bit = 0; bit < 32; bit += step) {
    const result = trials.measure(x => x.faults.code(at, bit));
    row[column(result.outcome)]++;
  }
  rows.push(row);
}
trials.close();
m.close();

const table = results.table(rows);
print(table.text);
table.save("bitflips.csv");
chart.bars(table, "offset_bytes", outcomes.map(column),
  { stacked: true, title: "A flipped bit in counter.add" }).save("bitflips.svg");
