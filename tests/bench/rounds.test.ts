import { expect, it } from 'vitest';
import { bounded, compared } from '../../bench/benchmarks/benchmark.ts';
import { jsonLine, table } from '../../bench/result.ts';
import { interleave, median, percentile, repeat } from '../../bench/rounds.ts';

it('gives the middle value, the mean of the two in the middle, and the value of a share', () => {
  expect([median([9, 1, 5]), median([4, 1, 2, 9])]).toEqual([5, 3]);
  expect([percentile([3, 1, 2, 4], 0.5), percentile([3, 1, 2, 4], 0.99)]).toEqual([2, 4]);
});

it('runs both sides in turn, changes who goes first, and forgets the warm-ups', async () => {
  const ran: string[] = [];
  const side = (name: string, values: readonly number[]) => async (round: number) => {
    ran.push(`${name}${round}`);
    return values[round] ?? 0;
  };
  const medians = await interleave(side('a', [100, 1, 2, 3, 4, 5]), side('b', [900, 10, 20, 30, 40, 50]), {
    rounds: 5,
    warmUps: 1,
  });
  expect(medians).toEqual({ a: 3, b: 30 });
  expect(ran.slice(0, 6)).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
});

it('refuses to call fewer than five rounds a measurement', async () => {
  const few = { rounds: 4, warmUps: 1 };
  await expect(repeat(async () => 1, few)).rejects.toThrow('at least 5 rounds, not 4');
  await expect(
    interleave(
      async () => 1,
      async () => 1,
      few,
    ),
  ).rejects.toThrow('at least 5 rounds, not 4');
});

it('divides a by b where two are compared, and the bound by the value elsewhere', async () => {
  const ended: string[] = [];
  const comparison = compared({ name: 'a/b', unit: 'messages/s', required: 0.5 }, async (hold) => {
    await hold(Promise.resolve('a'), async (held) => ended.push(held));
    await hold(Promise.resolve('b'), async (held) => ended.push(held));
    return { a: async () => 300, b: async () => 400 };
  });
  const bound = bounded({ name: 'memory', unit: 'bytes', limit: 4_096 }, async () => async () => 2_048);
  const results = [await comparison.run(), await bound.run()];
  expect(results.map(jsonLine)).toEqual([
    '{"name":"a/b","ratio":0.75,"value":300,"limit":400,"unit":"messages/s"}',
    '{"name":"memory","ratio":2,"value":2048,"limit":4096,"unit":"bytes"}',
  ]);
  expect(ended).toEqual(['b', 'a']);
  const judged = results.map((result, i) => ({ ...result, required: [0.8, 1][i] ?? 0 }));
  expect(
    table(judged)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ')),
  ).toEqual([
    'benchmark value limit unit ratio required',
    'a/b 300 400 messages/s 0.75 0.80 NOT REACHED',
    'memory 2,048 4,096 bytes 2.00 1.00 reached',
  ]);
});
