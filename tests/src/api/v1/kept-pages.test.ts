import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { KeptPages } from '../../../../src/api/v1/kept-pages.ts';

function writing(bytes = 10) {
  const written: string[] = [];
  const write = (key: string) => () => {
    written.push(key);
    return Buffer.alloc(bytes);
  };
  return { written, write };
}

it('a page is written once, until something has changed', () => {
  const changes$ = new Subject<void>();
  const pages = new KeptPages(changes$);
  const { written, write } = writing();
  const first = pages.page('a', write('a'));
  expect(pages.page('a', write('a'))).toBe(first);
  pages.page('b', write('b'));
  changes$.next();
  expect(pages.page('a', write('a'))).not.toBe(first);
  expect(written).toEqual(['a', 'b', 'a']);
});

it('pages do not pile up, whatever is asked for', () => {
  const pages = new KeptPages(new Subject<void>());
  const { written, write } = writing(3 * 1024 * 1024);
  for (const key of ['a', 'b', 'c', 'c', 'a']) pages.page(key, write(key));
  expect(written).toEqual(['a', 'b', 'c', 'a']);
});

it('long addresses of short pages do not pile up either', () => {
  const pages = new KeptPages(new Subject<void>());
  const { written, write } = writing(1);
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(3 * 1024 * 1024));
  for (const key of [...keys, keys[0] ?? '']) pages.page(key, write(key.slice(0, 1)));
  expect(written).toEqual(['a', 'b', 'c', 'a']);
});
