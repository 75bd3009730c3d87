import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempDir, removeTempDir } from '../../../servers/guard.ts';
import { eventually, startVigil, type Vigil } from '../../end-to-end/vigil.ts';
import { useRedis } from '../../services/use.ts';
import { traces } from '../../streams/corpus.ts';

const COOLDOWN = 12;
const PUSH_MILLIS = 300;

/** An instance that is there at the end of a trace, with what told of it. */
const scenario = traces().find(({ truth }) => [...truth.values()].some(({ deleted }) => !deleted));
const [resource = ''] = [...(scenario?.truth ?? [])].find(([, { deleted }]) => !deleted) ?? [];

/** Three rules that stand differently at one moment: not yet breached, breached and held back, asked for. */
const rule = (name: string, more: object): object => ({
  ...{ name, metric: 'cpu_steal', of: 'instance', above: 10, window: '3s', statistic: 'last' },
  ...{ cooldown: `${COOLDOWN}s`, audit: { goal: 'dummy' } },
  ...more,
});
const RULES = [rule('pending', { hold: '8s' }), rule('held-back', {}), rule('asked', {})];

interface Shown {
  readonly rule: string;
  readonly times_asked: number;
  readonly ended_at: number | null;
}

describe.each(['embedded', 'redis'])('on %s, an engine that is killed', (store) => {
  let dir: string;
  let vigil: Vigil;
  let pushing = true;
  let pushed: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    dir = await makeTempDir('sla-killed');
    const file = join(dir, 'trace.jsonl');
    await writeFile(file, (scenario?.bodies ?? []).map((body) => `${body}\n`).join(''));
    const redis = store === 'redis' ? await useRedis() : null;
    vigil = await startVigil({
      sources: [{ kind: 'recording', files: [file] }],
      sla: { step: 1, rules: RULES },
      ...(redis === null ? {} : { cloud: redis.prefix, store: { kind: 'redis', url: redis.url } }),
    });
    await eventually(
      () => vigil.get<{ ready: boolean }>('/readyz'),
      ({ ready }) => ready,
    );
  });
  afterAll(async () => {
    pushing = false;
    await pushed;
    await vigil?.stop();
    await removeTempDir(dir);
  });

  const post = (path: string, body: object): Promise<Response> =>
    fetch(vigil.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  /** Something measures all the time, whether somebody listens or not. */
  const push = async (): Promise<void> => {
    while (pushing) {
      const sample = { metric: 'cpu_steal', resource, value: 50, time: Date.now() / 1_000 };
      await post('/sla/samples', { samples: [sample] }).catch(() => undefined);
      await pause(PUSH_MILLIS);
    }
  };

  const incidents = async (): Promise<Readonly<Record<string, readonly number[]>>> => {
    const { incidents: all } = await vigil.get<{ incidents: Shown[] }>('/sla/incidents?state=all');
    const byRule: Record<string, number[]> = {};
    for (const { rule: name, times_asked: asked } of all) byRule[name] = [...(byRule[name] ?? []), asked];
    return byRule;
  };
  const stateOf = async (name: string): Promise<string | undefined> => {
    const { series } = await vigil.get<{ series: { state: string }[] }>(`/sla/rules/${name}/series`);
    return series[0]?.state;
  };
  const audits = async (): Promise<number> => (await vigil.get<{ audits: unknown[] }>('/v1/audits')).audits.length;

  it('at any state of a breach asks for one audit for each, and misses none', async () => {
    // The cooldown of what is tried out holds the breach back.
    await post('/sla/rules/held-back/test-fire', { resources: [resource] });
    pushed = push();
    const before = await eventually(incidents, ({ asked = [] }) => asked[0] === 1);
    expect([before, await stateOf('pending')]).toEqual([{ 'held-back': [0], asked: [1] }, 'pending']);
    await vigil.kill();
    await vigil.restart();
    const all = { pending: [1], 'held-back': [1], asked: [1] };
    await eventually(
      incidents,
      (now) => JSON.stringify(Object.entries(now).sort()) === JSON.stringify(Object.entries(all).sort()),
    );
    // Once more where all of them are asked for, and beyond the cooldown.
    await vigil.kill();
    await vigil.restart();
    await eventually(
      () => Promise.all(Object.keys(all).map(stateOf)),
      (states) => states.every((state) => state === 'breached'),
    );
    await pause((COOLDOWN + 2) * 1_000);
    expect(await incidents()).toEqual(all);
    // With the one that was tried out.
    expect(await audits()).toBe(Object.keys(all).length + 1);
  });
});
