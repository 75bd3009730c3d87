import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTempDir, removeTempDir } from '../../servers/guard.ts';
import { useRedis } from '../services/use.ts';
import { mixable, recordings, type Truth, traces } from '../streams/corpus.ts';
import { eventually, startVigil, type Vigil } from './vigil.ts';

const INGESTING = 2;
const scenarios = mixable([...traces(), ...recordings()]);
const truth = new Map(scenarios.flatMap((scenario) => [...scenario.truth]));

let dir: string;
const started: Vigil[] = [];

/** A process of some roles, all on one Redis. */
async function start(
  redis: { url: string; prefix: string },
  roles: readonly string[],
  files: readonly string[],
): Promise<Vigil> {
  const vigil = await startVigil({
    cloud: redis.prefix,
    roles,
    store: { kind: 'redis', url: redis.url },
    sources: [{ kind: 'recording', files }],
  });
  started.push(vigil);
  return vigil;
}

beforeAll(async () => {
  dir = await makeTempDir('roles');
});

afterAll(async () => {
  for (const vigil of started) await vigil.stop();
  await removeTempDir(dir);
});

it('processes that share the ingest of all scenarios and one that answers end in the truth', async () => {
  const redis = await useRedis();
  // Neighbouring messages of an instance go to different processes.
  const bodies = scenarios.flatMap((scenario) => scenario.bodies);
  const shares = Array.from({ length: INGESTING }, (_, i) => bodies.filter((_, at) => at % INGESTING === i));
  const files = shares.map((_, i) => join(dir, `${i}.jsonl`));
  await Promise.all(files.map((file, i) => writeFile(file, (shares[i] ?? []).map((body) => `${body}\n`).join(''))));

  const answering = await start(redis, ['api'], files);
  const ingesting = await Promise.all(files.map((file) => start(redis, ['ingest'], [file])));
  await eventually(
    async () => differences(await answering.instances(), truth),
    (found) => found.length === 0,
  );
  await expect(ingesting[0]?.get('/model/hosts')).rejects.toThrow(/404/);
  // One that ingests may still be catching up when another says already that the model is complete.
  for (const process of [answering, ...ingesting]) {
    await eventually(
      () => process.get<{ ready: boolean }>('/readyz'),
      ({ ready }) => ready,
    );
  }
  // What concerns the comparison with the cloud one that ingests is asked, which here has no cloud to ask.
  await expect(answering.get('/model/drift')).rejects.toThrow(/409 .*no-openstack/);
});

function differences(shown: Awaited<ReturnType<Vigil['instances']>>, wanted: ReadonlyMap<string, Truth>): string[] {
  const byUuid = new Map(shown.map((instance) => [instance.uuid, instance]));
  return [...wanted].flatMap(([uuid, { deleted, ...fields }]) => {
    const instance = byUuid.get(uuid);
    if (deleted || instance === undefined)
      return deleted === (instance === undefined) ? [] : [`${uuid}: deleted is ${deleted}`];
    const wrong = Object.entries(fields).filter(([field, value]) => instance[field as keyof typeof instance] !== value);
    return wrong.map(([field, value]) => `${uuid}: ${field} is ${value}`);
  });
}
