import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const TRACE = join(ROOT, 'tests/data/traces/evacuate_alive.jsonl');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a user runs it, from a folder of the user's. */
function vigil(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = [join(ROOT, 'scripts/vigil.mjs'), ...args];
    execFile(process.execPath, command, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** A replay to whose one output nobody listens, and what it writes to the other. */
async function unheard(closed: 'stdout' | 'stderr', file: string): Promise<{ code: number; told: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/vigil.mjs'), 'replay', file], { cwd: folder });
  child[closed].destroy();
  let told = '';
  child[closed === 'stdout' ? 'stderr' : 'stdout'].on('data', (chunk) => {
    told += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, told };
}

describe('vigil replay', () => {
  it('prints one JSON array and nothing else, and ends well', async () => {
    const { code, stdout, stderr } = await vigil('replay', TRACE, '--print', 'instances');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\[\{.*\}\]\n$/);
    const truth = JSON.parse(await readFile(TRACE.replace('.jsonl', '.truth.json'), 'utf8')) as {
      instances: Record<string, object>;
    };
    const told = JSON.parse(stdout) as { uuid: string }[];
    for (const [uuid, { host, node, state, deleted }] of Object.entries(truth.instances) as [
      string,
      Record<string, unknown>,
    ][]) {
      expect(told.find((one) => one.uuid === uuid)).toMatchObject({ host, node, state, deleted });
    }
  });

  it('prints the same without --print, and for a file named from here', async () => {
    await writeFile(join(folder, 'here.jsonl'), await readFile(TRACE));
    const { stdout } = await vigil('replay', TRACE);
    expect(await vigil('replay', 'here.jsonl')).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('tells of dead letters apart from the answer, and still ends well', async () => {
    const file = join(folder, 'broken.jsonl');
    const [first = ''] = (await readFile(TRACE, 'utf8')).split('\n');
    await writeFile(file, `${first}\nnot JSON \u001b[31m\n${first.slice(0, 300)}\n`);
    const { code, stdout, stderr } = await vigil('replay', file);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^dead letter: .*broken\.jsonl:2: not-json: /),
      expect.stringMatching(/^dead letter: .*broken\.jsonl:3: not-json: /),
    ]);
    expect(stderr).not.toContain('\u001b');
  });

  it('ends quietly when whoever reads has had enough', async () => {
    expect(await unheard('stdout', TRACE)).toEqual({ code: 0, told: '' });
  });

  it('answers also when nobody listens to its complaints', async () => {
    const file = join(folder, 'nothing.jsonl');
    await writeFile(file, 'not JSON\n'.repeat(2_000));
    expect(await unheard('stderr', file)).toEqual({ code: 0, told: '[]\n' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind when it is ended by %s', async (signal, status) => {
    const temporary = await mkdtemp(join(folder, 'tmp-'));
    const long = join(temporary, 'long.jsonl');
    await writeFile(long, (await readFile(TRACE, 'utf8')).repeat(3_000));
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, [join(ROOT, 'scripts/vigil.mjs'), 'replay', long], { cwd: folder, env });
    await vi.waitUntil(async () => (await readdir(temporary)).length > 1, { timeout: 45_000 });
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect({ code, left: await readdir(temporary) }).toEqual({ code: status, left: ['long.jsonl'] });
  });

  it('ends with 2 and one clear line when a file cannot be read', async () => {
    await writeFile(join(folder, 'packed.jsonl.gz'), '');
    for (const file of ['missing.jsonl', '.', '/dev/null/x', '/proc/self/mem', 'packed.jsonl.gz']) {
      const { code, stdout, stderr } = await vigil('replay', TRACE, file);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^vigil: cannot read the recording .*\n$/);
      expect(stderr).toContain(file);
    }
  });

  it('says what it wants when it is asked for something else', async () => {
    const nothing = await vigil('replay');
    expect({ ...nothing, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(nothing.stderr).toMatch(/missing required argument 'files'/);
    const unknown = await vigil('replay', TRACE, '--print', 'hosts');
    expect({ ...unknown, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(unknown.stderr).toMatch(/Allowed choices are instances/);
  });
});
