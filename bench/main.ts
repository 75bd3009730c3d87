import { Command } from 'commander';
import { BENCHMARKS } from './benchmarks/table.ts';
import { type Judged, jsonLine, table } from './result.ts';

const program = new Command('npm run bench --')
  .description('Measures Vigil against limits that do not depend on the machine')
  .argument('[names...]', 'only benchmarks whose names contain one of these')
  .option('--json', 'write only JSON lines: {"name","ratio","value","limit","unit"}')
  .parse();

const { json = false } = program.opts<{ json?: boolean }>();
const names = program.args;
const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
if (chosen.length === 0) {
  program.error(
    `no benchmark is called ${names.join(', ')}; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}`,
  );
}

const results: Judged[] = [];
for (const { name, required, run } of chosen) {
  if (!json) console.error(`measuring ${name} …`);
  const result = await run();
  results.push({ ...result, required });
  if (json) console.log(jsonLine(result));
}
if (!json) console.log(table(results));
