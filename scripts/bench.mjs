import { ensureOrExit } from './ensure.mjs';
import { root } from './root.mjs';

await ensureOrExit({ quiet: process.argv.includes('--json') });
await import(`${root}/dist/bench/main.js`);
