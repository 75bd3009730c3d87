import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError, type ApiFailure } from '../../../src/openstack/errors.ts';
import { Pass } from '../../../src/reconcile/pass.ts';
import { Lab } from './lab.ts';

describe('what goes wrong in a pass', () => {
  let lab: Lab;
  const logged: { level: number; msg: string }[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(JSON.parse(line)) });

  beforeEach(async () => {
    lab = await Lab.open();
    logged.length = 0;
  });
  afterEach(() => lab.close());

  const attempt = async (failure: ApiFailure, signal: AbortSignal): Promise<Pass> => {
    const pass = new Pass({ ...lab.parts, log }, signal);
    const work = () => Promise.reject(new ApiError(failure, 'GET /servers/detail', 'it did not answer'));
    expect(await pass.attempt('Reading servers', work)).toBe(false);
    return pass;
  };

  it('is told and warned of', async () => {
    const { problems } = await attempt('unreachable', new AbortController().signal);
    expect(problems).toEqual([expect.stringMatching(/^Reading servers: GET /)]);
    expect(logged).toMatchObject([{ level: pino.levels.values.warn, msg: problems[0] }]);
  });

  it('is nothing to warn of when all is stopped on purpose', async () => {
    const { problems } = await attempt('aborted', AbortSignal.abort());
    expect(problems).toEqual([expect.stringContaining('on purpose')]);
    expect(logged).toMatchObject([{ level: pino.levels.values.debug, msg: problems[0] }]);
  });
});
