import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeTempDir, removeTempDir } from '../../../servers/guard.ts';
import { eventually, startVigil, type Vigil } from '../../end-to-end/vigil.ts';
import { useRedis } from '../../services/use.ts';
import { traces } from '../../streams/corpus.ts';

const COOLDOWN_SECONDS = 3;
const PUSH_MILLIS = 300;

/** An instance that is there at the end of a trace, with what told of it. */
const scenario = traces().find(({ truth }) => [...truth.values()].some(({ deleted }) => !deleted));
const [resource = ''] = [...(scenario?.truth ?? [])].find(([, { deleted }]) => !deleted) ?? [];

const rule = (name: string, hold: string, cooldown: string): object => ({
  ...{ name, metric: 'cpu_steal', of: 'instance', above: 10, window: '3s', statistic: 'last' },
  ...{ hold, cooldown, audit: { goal: 'dummy' } },
});

/** Rules that stand differently at the moment of the kill: held, breached and held back, asked for. */
const RULES = [
  rule('pending', '1h', '3s'),
  rule('held-back', '0s', '1h'),
  rule('asked', '0s', `${COOLDOWN_SECONDS}s`),
] as const;
/** The same, so that each asks. */
const SOON = [rule('pending', '2s', '3s'), rule('held-back', '0s', '1s')] as const;
/** A rule that is made after the last kill: once it has asked, whoever acts now could have asked for the others too. */
const WITNESS = rule('witness', '0s', '1h');

/** A Vigil with a store of a kind, and somebody who measures a breach all the time, whether Vigil lives or not. */
class Site {
  readonly vigil: Vigil;
  readonly #dir: string;
  #measuring = false;
  #measured: Promise<void> = Promise.resolve();

  private constructor(vigil: Vigil, dir: string) {
    this.vigil = vigil;
    this.#dir = dir;
  }

  static async start(store: 'embedded' | 'redis'): Promise<Site> {
    const dir = await makeTempDir('sla-killed');
    const file = join(dir, 'trace.jsonl');
    await writeFile(file, (scenario?.bodies ?? []).map((body) => `${body}\n`).join(''));
    const redis = store === 'redis' ? await useRedis() : null;
    const vigil = await startVigil({
      sources: [{ kind: 'recording', files: [file] }],
      sla: { step: 1 },
      ...(redis === null ? {} : { cloud: redis.prefix, store: { kind: 'redis', url: redis.url } }),
    });
    return new Site(vigil, dir);
  }

  /** Measures a breach from now on. */
  measure(): void {
    this.#measuring = true;
    this.#measured = this.#measureOn();
  }

  async end(): Promise<void> {
    this.#measuring = false;
    await this.#measured;
    await this.vigil.stop();
    await removeTempDir(this.#dir);
  }

  send(method: string, path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.vigil.url + path, { method, headers, body: JSON.stringify(body) });
  }

  /** How often each incident was asked for, by rule. */
  async incidents(): Promise<Readonly<Record<string, readonly number[]>>> {
    const { incidents } = await this.vigil.get<{ incidents: { rule: string; times_asked: number }[] }>(
      '/sla/incidents?state=all',
    );
    const byRule: Record<string, number[]> = {};
    for (const { rule: name, times_asked: asked } of incidents) byRule[name] = [...(byRule[name] ?? []), asked];
    return byRule;
  }

  async states(): Promise<(string | undefined)[]> {
    const of = async (name: string): Promise<string | undefined> => {
      const { series } = await this.vigil.get<{ series: { state: string }[] }>(`/sla/rules/${name}/series`);
      return series[0]?.state;
    };
    return Promise.all(['pending', 'held-back', 'asked'].map(of));
  }

  async audits(): Promise<number> {
    return (await this.vigil.get<{ audits: unknown[] }>('/v1/audits')).audits.length;
  }

  async #measureOn(): Promise<void> {
    while (this.#measuring) {
      const sample = { metric: 'cpu_steal', resource, value: 50, time: Date.now() / 1_000 };
      await this.send('POST', '/sla/samples', { samples: [sample] }).catch(() => undefined);
      await pause(PUSH_MILLIS);
    }
  }
}

const is =
  (wanted: unknown) =>
  (found: unknown): boolean =>
    JSON.stringify(found) === JSON.stringify(wanted);

describe('an engine that is killed at any state of a breach', () => {
  it.concurrent.each(['embedded', 'redis'] as const)('asks for one audit and misses none, on %s', async (store) => {
    const site = await Site.start(store);
    try {
      await eventually(
        () => site.vigil.get<object>(`/model/instances/${resource}`),
        () => true,
      );
      await site.send('POST', '/sla/rules', RULES[1]);
      // What is tried out begins a cooldown.
      const tried = await site.send('POST', '/sla/rules/held-back/test-fire', { resources: [resource] });
      expect(tried.status).toBe(202);
      site.measure();
      for (const one of [RULES[0], RULES[2]]) await site.send('POST', '/sla/rules', one);
      await eventually(() => site.states(), is(['pending', 'breached', 'breached']));
      await eventually(async () => (await site.incidents()).asked, is([1]));
      expect(await site.incidents()).toEqual({ 'held-back': [0], asked: [1] });

      await site.vigil.kill();
      await site.vigil.restart();
      await eventually(() => site.states(), is(['pending', 'breached', 'breached']));
      expect(await site.incidents()).toEqual({ 'held-back': [0], asked: [1] });
      for (const one of SOON) await site.send('PUT', `/sla/rules/${(one as { name: string }).name}`, one);
      await eventually(
        async () => Object.entries(await site.incidents()).sort(),
        is([
          ['asked', [1]],
          ['held-back', [1]],
          ['pending', [1]],
        ]),
      );

      await site.vigil.kill();
      await site.vigil.restart();
      await eventually(() => site.states(), is(['breached', 'breached', 'breached']));
      await site.send('POST', '/sla/rules', WITNESS);
      await eventually(async () => (await site.incidents()).witness, is([1]));
      await pause((COOLDOWN_SECONDS + 2) * 1_000);
      expect(await site.incidents()).toEqual({ pending: [1], 'held-back': [1], asked: [1], witness: [1] });
      // With the one that was tried out. Who makes them waits for the lease of the process that was killed.
      await eventually(() => site.audits(), is(5));
    } finally {
      await site.end();
    }
  });
});
