import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../../servers/redis.ts';

const PROGRAM = join(import.meta.dirname, '../../../scripts/vigil.mjs');

/** What becomes of `vigil serve` that cannot begin: its exit code, and what it says on stderr. */
function serve(...settings: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const set = ['store.temporary=true', ...settings].flatMap((setting) => ['--set', setting]);
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, 'serve', ...set], { timeout: 60_000 }, (error, _, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stderr.trimEnd() });
    });
  });
}

describe('vigil serve ends with 1 and one clear line', () => {
  let taken: Server;
  let redis: RedisServer;

  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    redis = await startRedis({ password: 'right' });
  });

  afterAll(async () => {
    await new Promise((closed) => taken.close(closed));
    await redis.stop();
  });

  it('when its port is in use', async () => {
    const { port } = taken.address() as AddressInfo;
    expect(await serve(`listen.port=${port}`)).toEqual({
      code: 1,
      said: `vigil: port ${port} of 127.0.0.1 is in use: stop what listens there, or choose another with --set listen.port=…`,
    });
  });

  it('when Redis does not take its password', async () => {
    const store = { kind: 'redis', url: `redis://:mistaken@127.0.0.1:${redis.port}/0` };
    const { code, said } = await serve('listen.port=0', `store=${JSON.stringify(store)}`);
    expect({ code, lines: said.split('\n') }).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^vigil: Redis at redis:.*WRONGPASS.*\(check username and password\)$/)],
    });
    expect(said).not.toContain('mistaken');
  });
});
