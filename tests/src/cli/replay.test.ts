import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../../src/cli/replay.ts';
import { RecordingError } from '../../../streams/sources/recording.ts';
import { changed, envelope, firstOf, messageOf } from '../../streams/messages.ts';

const DATA = join(import.meta.dirname, '../../data');
const trace = (name: string): string => join(DATA, `traces/${name}.jsonl`);

let folder: string;
const before = process.env.TMPDIR;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-test-'));
  process.env.TMPDIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(folder, { recursive: true });
});

async function write(name: string, ...lines: readonly (Buffer | string)[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  return path;
}

async function replayed(...files: readonly string[]): Promise<{ instances: readonly unknown[]; letters: string[] }> {
  const letters: string[] = [];
  return { instances: await replay(files, (text) => letters.push(text)), letters };
}

interface TruthFile {
  readonly instances: Record<
    string,
    { deleted: boolean; host: string | null; node: string | null; state: string; task_state: string | null }
  >;
}

describe('a replay', () => {
  it('tells where every instance of nova’s traces ended', async () => {
    // The sample tests of nova share a uuid: one trace at a time.
    const names = (await readdir(join(DATA, 'traces'))).filter((name) => name.endsWith('.jsonl'));
    for (const name of names) {
      const path = join(DATA, 'traces', name);
      const { instances: truth } = JSON.parse(
        await readFile(path.replace('.jsonl', '.truth.json'), 'utf8'),
      ) as TruthFile;
      const { instances, letters } = await replayed(path);
      expect(letters).toEqual([]);
      const nothing = { host: null, node: null, state: null, task_state: null, deleted: true };
      const expected = Object.keys(truth)
        .sort()
        .map((uuid) => {
          const { deleted, host, node, state, task_state } = truth[uuid] as TruthFile['instances'][string];
          return deleted ? { uuid, ...nothing } : { uuid, host, node, state, task_state, deleted };
        });
      expect(instances.filter((one) => (one as { uuid: string }).uuid in truth)).toEqual(expected);
    }
  });

  it('joins all files, in any order, and sorts by uuid', async () => {
    const files = ['multi_create', 'evacuate_alive', 'create_reschedule'].map(trace);
    const { instances } = await replayed(...files);
    expect(await replayed(...files.reverse())).toEqual({ instances, letters: [] });
    const uuids = instances.map((one) => (one as { uuid: string }).uuid);
    expect(uuids).toEqual([...uuids].sort());
    expect(new Set(uuids).size).toBe(uuids.length);
  });

  it('names instances that only messages of no claim name, and what is unknown is null', async () => {
    const exists = changed(
      firstOf('live_migration_success', 'instance.update'),
      { uuid: 'only-named' },
      { event_type: 'instance.exists' },
    );
    const failed = changed(firstOf('compute_task_build_error', 'compute_task.build_instances.error'), {
      instance_uuid: 'failed',
    });
    const { instances } = await replayed(await write('named', envelope(exists), envelope(failed)));
    const unknown = { host: null, node: null, state: null, task_state: null, deleted: false };
    expect(instances).toEqual([
      { ...unknown, uuid: 'failed', state: 'error' },
      { ...unknown, uuid: 'only-named' },
    ]);
  });

  it('tells of dead letters with file, line and reason, and uses the rest', async () => {
    const update = envelope(changed(firstOf('live_migration_success', 'instance.update'), { uuid: 'good' }));
    const wrong = envelope(changed(messageOf(update), { uuid: 'bad', host: 'h'.repeat(10_000) }));
    const file = await write('letters', 'not JSON', update, update.subarray(0, 500), wrong, '{}');
    const { instances, letters } = await replayed(file);
    expect(letters).toEqual([
      expect.stringMatching(/letters:1: not-json/),
      expect.stringMatching(/letters:3: not-json/),
      expect.stringMatching(/letters:4: bad-field: host must be/),
      expect.stringMatching(/letters:5: not-an-envelope/),
    ]);
    expect(instances.map((one) => (one as { uuid: string }).uuid)).toEqual(['bad', 'good']);
  });

  it('of an empty file is empty', async () => {
    expect(await replayed(await write('empty'))).toEqual({ instances: [], letters: [] });
  });

  it('fails when one of the files cannot be read, before anything is told', async () => {
    const letters: string[] = [];
    const missing = join(folder, 'missing.jsonl');
    const bad = await write('bad', 'not JSON');
    await expect(replay([bad, missing], (text) => letters.push(text))).rejects.toThrow(RecordingError);
    await expect(replay([bad, missing], () => undefined)).rejects.toThrow(missing);
    expect(letters).toEqual([]);
  });

  it('leaves no temporary store behind, whether it worked or not', async () => {
    const left = await readdir(folder);
    await replayed(trace('evacuate'));
    await expect(replayed(join(folder, 'missing.jsonl'))).rejects.toThrow(RecordingError);
    expect(await readdir(folder)).toEqual(left);
  });
});
