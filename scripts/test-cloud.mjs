import { ensureOrExit } from './ensure.mjs';
import { close, runCloudTests } from './suites.mjs';

await ensureOrExit();
close(await runCloudTests(process.argv.slice(2)));
