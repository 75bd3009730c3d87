import { existsSync } from 'node:fs';
import { ensureOrExit } from './ensure.mjs';
import { root } from './root.mjs';
import { close, runCloudTests, runTests, sum } from './suites.mjs';

const miniCloud = `${root}/../shared/mini-cloud/mini-cloud`;

await ensureOrExit();
const counts = [await runTests([])];
if (existsSync(miniCloud)) counts.push(await runCloudTests([], { VIGIL_TEST_CLOUD: 'ci' }));
else console.log(`The suite against a real cloud was left out: there is no ${miniCloud}. See tests/README.md.`);
close(sum(counts));
