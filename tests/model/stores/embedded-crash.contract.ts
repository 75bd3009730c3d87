import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_REVISION } from '../../../model/revision.ts';
import type { ModelStore } from '../../../model/store.ts';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import type { CommitterTask } from './embedded/committer.ts';
import { factsSaid, RECORDS, recordsSaid } from './embedded/said.ts';
import { joined, Replica, type State, scanned } from './facts.ts';
import { startFollowing } from './following.ts';

const LOADER = new URL('./typescript.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('./embedded/committer.ts', import.meta.url));

let folder: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-test-'));
  path = join(folder, 'store');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Committer {
  /** The numbers of the commits that were acknowledged. */
  readonly acknowledged: readonly number[];
  reached(count: number): Promise<void>;
  kill(): Promise<void>;
  /** What it wrote to stderr, once it has ended by itself. */
  readonly failure: Promise<string>;
}

function startCommitter(task: CommitterTask, env: NodeJS.ProcessEnv = {}): Committer {
  const child = spawn(process.execPath, ['--import', LOADER, PROGRAM, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  const acknowledged: number[] = [];
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => acknowledged.push(Number(line)));
  const closed = once(child, 'close');
  return {
    acknowledged,
    reached: async (count) => {
      while (acknowledged.length < count) {
        await Promise.race([once(lines, 'line'), closed]);
        if (child.exitCode !== null) throw new Error(`the committer ended by itself: ${errors}`);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    failure: closed.then(() => errors),
  };
}

/** Numbers that are alike in every run. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Everything acknowledged is held, or something later in its place. */
function expectHeld(held: State, acknowledged: readonly number[]): void {
  for (const [register, told] of Object.entries(joined(acknowledged.flatMap(factsSaid)))) {
    const { clock } = (held[register] ?? { clock: 'nothing' }) as { clock: string };
    expect(clock >= (told as { clock: string }).clock, `${register} is at ${clock}`).toBe(true);
  }
}

async function changesOf(store: ModelStore): Promise<Replica> {
  const replica = new Replica();
  const head = await store.head();
  const following = startFollowing(store, NO_REVISION, (followed) => {
    if (followed.kind === 'changes') replica.apply(followed.changes);
  });
  await following.until(({ changes, resets }) => resets.length > 0 || changes.at(-1)?.revision === head);
  expect(following.resets).toEqual([]);
  return replica;
}

describe('an embedded store whose process is killed', () => {
  it.each([
    ['one commit at a time', { retention: 1_000_000, atOnce: 1 }],
    ['many at once', { retention: 1_000_000, atOnce: 16 }],
    ['elements written soon and a short log', { retention: 40, atOnce: 4 }],
  ])('holds everything it acknowledged: %s', async (_, { retention, atOnce }) => {
    const luck = random(atOnce);
    const acknowledged: number[] = [];
    for (let round = 0; round < 6; round++) {
      const committer = startCommitter({ path, retention, from: round * 1_000_000, atOnce });
      await committer.reached(1 + Math.floor(luck.next().value ** 2 * 600));
      await committer.kill();
      acknowledged.push(...committer.acknowledged);

      const store = await openEmbeddedStore({ path, retention });
      try {
        const held = await scanned(store);
        expectHeld(held, acknowledged);
        if (retention > 1_000) expect((await changesOf(store)).state()).toEqual(held);
        const page = await store.listRecords(RECORDS.kind, null, RECORDS.limit);
        const kept = new Set(page.records.map(({ id }) => id));
        for (const n of acknowledged) for (const { id } of recordsSaid(n)) expect(kept.has(id)).toBe(true);
        expect(page.held).toBe(page.ever);
      } finally {
        await store.close();
      }
    }
  });

  it('goes on counting where it was: revisions never go back', async () => {
    let last = NO_REVISION as string;
    for (let round = 0; round < 4; round++) {
      const committer = startCommitter({ path, retention: 100, from: round * 1_000_000, atOnce: 4 });
      await committer.reached(50);
      await committer.kill();
      const store = await openEmbeddedStore({ path, retention: 100 });
      const head = await store.head();
      const [epoch, seq] = head.split('-').map(Number) as [number, number];
      const [lastEpoch, lastSeq] = last.split('-').map(Number) as [number, number];
      if (round > 0) expect(epoch).toBe(lastEpoch);
      expect(seq).toBeGreaterThan(lastSeq);
      const { revision } = await store.commit(factsSaid(round * 1_000_000 + 500_000));
      expect(Number(revision.split('-')[1])).toBeGreaterThan(seq);
      last = revision;
      await store.close();
    }
  });
});

describe('an embedded store that writes', () => {
  it('acknowledges what is known already only once that is on the disk', async () => {
    const store = await openEmbeddedStore({ path });
    const order: string[] = [];
    await Promise.all([
      store.commit(factsSaid(1)).then(() => order.push('told')),
      store.commit(factsSaid(1)).then(() => order.push('told again')),
      store.commit([]).then(() => order.push('told nothing')),
    ]);
    expect(order[0]).toBe('told');
    await store.close();
  });
});

describe('an embedded store that is open', () => {
  const refusal =
    /cannot open the embedded store in .*: another process has it open: stop it, or use Redis for several processes/;

  it('is not opened again, by this process or another', async () => {
    const store = await openEmbeddedStore({ path });
    try {
      await expect(openEmbeddedStore({ path })).rejects.toThrow(refusal);
      const other = startCommitter({ path, retention: 100, from: 0, atOnce: 1 });
      expect(await other.failure).toMatch(refusal);
      expect(other.acknowledged).toEqual([]);
      await store.commit(factsSaid(1));
    } finally {
      await store.close();
    }
  });

  it('is not opened again by a process that has another folder for temporary files', async () => {
    const elsewhere = join(folder, 'tmp');
    await mkdir(elsewhere);
    const store = await openEmbeddedStore({ path });
    try {
      const other = startCommitter({ path, retention: 100, from: 0, atOnce: 1 }, { TMPDIR: elsewhere });
      const failed = other.failure.then((text) => ({ text }));
      const went = other.reached(1).then(() => ({ text: 'it committed' }));
      went.catch(() => undefined);
      expect((await Promise.race([failed, went])).text).toMatch(refusal);
    } finally {
      await store.close();
    }
  });

  it('by another name of its folder is the same store', async () => {
    const store = await openEmbeddedStore({ path });
    await expect(openEmbeddedStore({ path: join(folder, '.', 'store', '..', 'store') })).rejects.toThrow(refusal);
    await store.close();
  });

  it('can be opened as soon as it is closed, and as soon as its process is killed', async () => {
    for (let round = 0; round < 3; round++) {
      const store = await openEmbeddedStore({ path });
      await store.close();
    }
    const committer = startCommitter({ path, retention: 100, from: 0, atOnce: 1 });
    await committer.reached(1);
    await expect(openEmbeddedStore({ path })).rejects.toThrow(refusal);
    await committer.kill();
    const store = await openEmbeddedStore({ path });
    expect(Object.keys(await scanned(store)).length).toBeGreaterThan(0);
    await store.close();
  });

  it('is opened by one only, when several try at once where one was killed', async () => {
    const committer = startCommitter({ path, retention: 100, from: 0, atOnce: 1 });
    await committer.reached(1);
    await committer.kill();
    const tried = await Promise.allSettled(Array.from({ length: 8 }, () => openEmbeddedStore({ path })));
    const opened = tried.filter((one) => one.status === 'fulfilled');
    for (const { value } of opened) await value.close();
    expect(opened).toHaveLength(1);
  });
});
