import { ensureOrExit } from './ensure.mjs';
import { isMiniCloudThere, MINI_CLOUD, prepareMiniCloud } from './mini-cloud.mjs';
import { close, runCloudTests, runTests, sum } from './suites.mjs';

await ensureOrExit();
// When this fails the suite tries again, and says what is missing.
const preparing = isMiniCloudThere() ? prepareMiniCloud().catch(() => undefined) : undefined;
const counts = [await runTests([])];
if (preparing === undefined) {
  console.log(`The suite against a real cloud was left out: there is no ${MINI_CLOUD}. See tests/README.md.`);
} else {
  await preparing;
  counts.push(await runCloudTests([], { VIGIL_TEST_CLOUD: 'ci' }));
}
close(sum(counts));
