// What a call costs in instructions, by the size of the state that goes with it.
// --short: the least and the greatest sizes.
const VECTOR = 8; // where an svc goes to
const short = args.includes("--short");
const sizes = {
  "ssr-packed": short ? [64, 384] : [64, 96, 128, 192, 256, 320, 384],
  ssr: short ? [64, 1024] : [64, 128, 256, 384, 512, 768, 1024],
};

// From the svc to the method's first instruction, and from the svc of its return to the caller's next one.
function callCost(m) {
  const touch = m.services.meter.methods.find(x => x.name === "touch");
  const costs = [];
  while (costs.length < 9 && m.until(VECTOR, { ms: 50 })) {
    if (Math.floor(m.registers.r12 / 2 ** 24) !== touch.number) continue;
    const svc = m.ticks - 1;
    const back = m.registers.lr;
    m.until(touch.address);
    const call = m.ticks - svc;
    m.until(VECTOR);
    const end = m.ticks - 1;
    m.until(back);
    costs.push(call + m.ticks - end);
  }
  return costs.sort((a, b) => a - b)[Math.floor(costs.length / 2)];
}

const rows = [];
for (const policy in sizes) {
  for (const size of sizes[policy]) {
    using(boot({ policy, run: "calls0", until: "dispatch" }), m => {
      m.services.meter.stateBytes = size;
      rows.push({ policy, state_bytes: size, call_instructions: callCost(m) });
    });
  }
}

const table = results.table(rows);
print(table.text);
table.save("statesize.csv");
chart.line(table, "state_bytes", "call_instructions", { by: "policy", title: "A call and its return" }).save("statesize.svg");
