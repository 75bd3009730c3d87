import { beforeEach, describe, expect, test } from 'vitest';
import type { Consumer } from '../../../streams/sources/kafka-client.ts';
import { Commits } from '../../../streams/sources/kafka-commits.ts';

const INFO = { topic: 'info', partition: 0 };
const ERROR = { topic: 'error', partition: 1 };

type Request = Parameters<Consumer['commitOffsets']>[0];

let requests: { readonly offsets: string[]; done(): void; fail(type: string): void }[];
let commits: Commits;
let stop: AbortController;

beforeEach(() => {
  requests = [];
  stop = new AbortController();
  const commitOffsets = (offsets: Request): Promise<void> =>
    new Promise((resolve, reject) => {
      requests.push({
        offsets: offsets.map(({ topic, offset }) => `${topic} ${offset}`),
        done: resolve,
        fail: (type) => reject(Object.assign(new Error(type), { type })),
      });
    });
  commits = new Commits({ commitOffsets }, stop.signal);
});

describe('commits', () => {
  test('go one request at a time, of each partition only the last', async () => {
    commits.commit(INFO, 1n);
    commits.commit(INFO, 2n);
    commits.commit(INFO, 3n);
    commits.commit(ERROR, 7n);
    expect(requests.map(({ offsets }) => offsets)).toEqual([['info 1']]);
    requests[0]?.done();
    await expect.poll(() => requests[1]?.offsets).toEqual(['info 3', 'error 7']);
    requests[1]?.done();
    await commits.settled();
    expect(requests).toHaveLength(2);
  });

  test('begin again after all was settled', async () => {
    commits.commit(INFO, 1n);
    requests[0]?.done();
    await commits.settled();
    commits.commit(INFO, 2n);
    expect(requests[1]?.offsets).toEqual(['info 2']);
  });

  test('that fail are tried again, unless overtaken', async () => {
    commits.commit(INFO, 1n);
    commits.commit(ERROR, 7n);
    commits.commit(INFO, 2n);
    requests[0]?.fail('REQUEST_TIMED_OUT');
    await expect.poll(() => requests[1]?.offsets).toEqual(['info 2', 'error 7']);
  });

  test.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'])(
    'are given up when the group has moved on (%s)',
    async (type) => {
      commits.commit(INFO, 1n);
      requests[0]?.fail(type);
      await commits.settled();
      expect(requests).toHaveLength(1);
    },
  );

  test('that were dropped are not made, nor tried again', async () => {
    commits.commit(INFO, 1n);
    commits.commit(INFO, 2n);
    commits.drop();
    requests[0]?.fail('REQUEST_TIMED_OUT');
    await commits.settled();
    expect(requests).toHaveLength(1);
  });

  test('are tried once more, and not again, when we stop', async () => {
    commits.commit(INFO, 1n);
    commits.commit(INFO, 2n);
    stop.abort();
    requests[0]?.fail('REQUEST_TIMED_OUT');
    await expect.poll(() => requests[1]?.offsets).toEqual(['info 2']);
    requests[1]?.fail('REQUEST_TIMED_OUT');
    await commits.settled();
    expect(requests).toHaveLength(2);
  });
});
