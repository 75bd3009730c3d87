import { expect, it } from 'vitest';
import { Ending } from '../../src/ending.ts';

it('ends what was begun last first, once, whatever fails on the way', async () => {
  const ended: string[] = [];
  const ending = new Ending();
  ending.add(() => ended.push('store'));
  ending.add(async () => {
    ended.push('sources');
    throw new Error('a broker is gone');
  });
  ending.add(() => ended.push('API'));
  await expect(ending.run()).rejects.toThrow('a broker is gone');
  await ending.run();
  expect(ended).toEqual(['API', 'sources', 'store']);
});
