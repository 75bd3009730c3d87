import { ensureOrExit } from './ensure.mjs';
import { close, runTests } from './suites.mjs';

await ensureOrExit({ build: false });
close(await runTests(process.argv.slice(2)));
