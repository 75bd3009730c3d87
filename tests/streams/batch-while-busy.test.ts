import fc from 'fast-check';
import { from, lastValueFrom, map, type OperatorFunction, of, Subject, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { batchWhileBusy } from '../../streams/batch-while-busy.ts';

/** Work that ends when the test says so. */
class Work {
  readonly batches: number[][] = [];
  atOnce = 0;
  mostAtOnce = 0;
  #pending: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  #begun: (() => void)[] = [];

  readonly work = (batch: number[]): Promise<number> => {
    this.batches.push([...batch]);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    for (const begun of this.#begun.splice(0)) begun();
    return new Promise<number>((resolve, reject) => this.#pending.push({ resolve, reject })).finally(() => {
      this.atOnce -= 1;
    });
  };

  /** Resolves once so many batches were begun. */
  async begun(count: number): Promise<void> {
    while (this.batches.length < count) await new Promise<void>((resolve) => this.#begun.push(resolve));
  }

  end(value: number): void {
    this.#pending.shift()?.resolve(value);
  }

  fail(error: Error): void {
    this.#pending.shift()?.reject(error);
  }
}

const MIB = 1024 * 1024;

/** Numbers in batches, each with a body of so many MiB. */
function inBatches<R>(
  limit: number,
  work: (batch: number[]) => Promise<R>,
  mebibytes: (value: number) => number = () => 0,
): OperatorFunction<number, R> {
  return (source) =>
    source.pipe(
      map((value) => ({ value, body: new Uint8Array(mebibytes(value) * MIB) })),
      batchWhileBusy(limit, (batch) => work(batch.map(({ value }) => value))),
    );
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work in batches', () => {
  it('does all values in order, at most four batches at once, none above the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (steps, limit) => {
          const source = new Subject<number>();
          const batches: number[][] = [];
          let underWay = 0;
          const done = lastValueFrom(
            source.pipe(
              inBatches(limit, async (batch) => {
                underWay += 1;
                expect(underWay).toBeLessThanOrEqual(4);
                batches.push(batch);
                for (let i = 0; i < ((batch[0] ?? 0) * 7) % 5; i++) await turn();
                underWay -= 1;
                return batch.length;
              }),
              toArray(),
            ),
          );
          let sent = 0;
          for (const step of steps) {
            for (let i = 0; i < step; i++) source.next(sent++);
            await turn();
          }
          source.complete();
          expect(await done).toEqual(batches.map(({ length }) => length));
          expect(batches.flat()).toEqual(Array.from({ length: sent }, (_, i) => i));
          expect(Math.max(0, ...batches.map(({ length }) => length))).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes what arrives in one tick together, and what arrives meanwhile next', async () => {
    const source = new Subject<number>();
    const work = new Work();
    const results: number[] = [];
    source.pipe(inBatches(10, work.work)).subscribe((result) => results.push(result));
    source.next(1);
    source.next(2);
    expect(work.batches).toEqual([]);
    await work.begun(1);
    for (const value of [3, 4, 5]) {
      source.next(value);
      await work.begun(value - 1);
    }
    for (const value of [6, 7, 8]) source.next(value);
    await turn();
    expect(work.batches).toEqual([[1, 2], [3], [4], [5]]);
    work.end(10);
    await work.begun(5);
    expect(work.batches).toEqual([[1, 2], [3], [4], [5], [6, 7, 8]]);
    expect(results).toEqual([10]);
    expect(work.mostAtOnce).toBe(4);
  });

  it('closes a batch before the message that makes it too large, but does one alone that is too large itself', async () => {
    const whole = async (batch: number[]): Promise<number[]> => batch;
    const sizes = from([4, 4, 1, 1, 1, 1, 9, 9, 8, 0, 0, 0]).pipe(
      inBatches(3, whole, (size) => size),
      toArray(),
    );
    expect(await lastValueFrom(sizes)).toEqual([[4, 4], [1, 1, 1], [1], [9], [9], [8, 0, 0], [0]]);
  });

  it('tells the results in the order of the batches, also when a later one is done before', async () => {
    const source = new Subject<number>();
    const results: number[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const done = source.pipe(
      inBatches(1, async ([value]) => {
        if (value === 1) await gate;
        return value ?? 0;
      }),
    );
    const ended = new Promise<void>((resolve) =>
      done.subscribe({ next: (value) => results.push(value), complete: resolve }),
    );
    for (const value of [1, 2, 3]) source.next(value);
    source.complete();
    for (let i = 0; i < 5; i++) await turn();
    expect(results).toEqual([]);
    open();
    await ended;
    expect(results).toEqual([1, 2, 3]);
  });

  it('begins anew after a pause', async () => {
    const source = new Subject<number>();
    const work = new Work();
    source.pipe(inBatches(10, work.work)).subscribe();
    for (const value of [1, 2, 3]) {
      source.next(value);
      await work.begun(value);
      work.end(0);
      await turn();
    }
    expect(work.batches).toEqual([[1], [2], [3]]);
  });

  it('ends with its source, after the last batch, also when nothing came', async () => {
    expect(
      await lastValueFrom(
        of<number>().pipe(
          inBatches(3, async () => 1),
          toArray(),
        ),
      ),
    ).toEqual([]);
    const all = from([1, 2, 3, 4, 5]).pipe(
      inBatches(3, async (batch) => batch),
      toArray(),
    );
    expect(await lastValueFrom(all)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('stops at the first failure: nothing more is begun, and the source is left', async () => {
    const source = new Subject<number>();
    const work = new Work();
    const failed = lastValueFrom(source.pipe(inBatches(1, work.work)));
    failed.catch(() => undefined);
    source.next(1);
    source.next(2);
    await work.begun(1);
    work.fail(new Error('the disk is full'));
    await expect(failed).rejects.toThrow('the disk is full');
    expect(source.observed).toBe(false);
    await turn();
    expect(work.batches).toEqual([[1]]);
  });

  it('fails when the work throws at once', async () => {
    const thrown = of(1).pipe(
      inBatches(1, () => {
        throw new Error('at once');
      }),
    );
    await expect(lastValueFrom(thrown)).rejects.toThrow('at once');
  });

  it('fails with its source', async () => {
    const source = new Subject<number>();
    const work = new Work();
    const failed = lastValueFrom(source.pipe(inBatches(1, work.work)));
    failed.catch(() => undefined);
    source.next(1);
    source.next(2);
    await work.begun(1);
    source.error(new Error('no such file'));
    await expect(failed).rejects.toThrow('no such file');
    work.end(0);
    await turn();
    expect(work.batches).toEqual([[1]]);
  });

  it('begins nothing more once nobody listens, before and during a batch', async () => {
    const source = new Subject<number>();
    const work = new Work();
    const subscription = source.pipe(inBatches(1, work.work)).subscribe();
    source.next(1);
    source.next(2);
    await work.begun(1);
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
    work.end(0);
    await turn();
    expect(work.batches).toEqual([[1]]);

    const early = source.pipe(inBatches(1, work.work)).subscribe();
    source.next(3);
    early.unsubscribe();
    await turn();
    await turn();
    expect(work.batches).toEqual([[1]]);
  });
});
