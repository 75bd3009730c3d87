import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chosenRuns, endMiniCloud } from './given.ts';
import { Scene } from './scene.ts';
import { STEPS } from './steps/table.ts';

const runs = chosenRuns(process.env);

afterAll(endMiniCloud);

describe.each(runs.map((run) => [run.title, run] as const))('%s: the model is the cloud after', (_, run) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open(run);
  });

  afterAll(() => scene?.close());

  afterEach(() => scene.cloud.restoreServices());

  it('the first pass over a cloud never seen', async () => {
    await scene.agree();
  });

  const steps = STEPS.filter(({ short }) => short || !run.short);
  const left = steps.filter(({ breaks }) => breaks && !run.breakable);
  if (left.length > 0)
    console.log(
      `${run.title}: ${left.length} steps are left out, they need the mini-cloud:\n  ${left.map(({ name }) => name).join('\n  ')}`,
    );

  const done = steps.filter((step) => !left.includes(step));
  it.each(done.map((step) => [step.name, step] as const))('%s', async (_, step) => {
    expect((await scene.cloud.hosts()).length, 'hosts that take servers').toBeGreaterThanOrEqual(step.hosts);
    await step.run(scene);
    await scene.agree();
    // A read of everything finds nothing to correct, and spoils nothing.
    const pass = await scene.refresh();
    expect(pass).toMatchObject({ complete: true, problems: [], ...(run.updates ? { corrections: 0 } : {}) });
    await scene.agree();
    scene.release();
  });

  // Without updates there is something to correct.
  if (!run.updates) return;
  it('all that, with nothing that only a reading could correct', async () => {
    expect(await scene.drift()).toMatchObject({ total: 0, corrections: [] });
  });
});
