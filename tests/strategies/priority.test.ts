import { expect, it } from 'vitest';
import { priorityOf } from '../../strategies/priority.ts';
import { cloudOf } from './cloud.ts';

it.each([
  [{}, 0],
  [{ 'watcher-priority': '7' }, 7],
  [{ 'watcher-priority': '99' }, 10],
  [{ 'watcher-priority': '-3' }, 0],
  [{ 'watcher-priority': 'high' }, 0],
])('of metadata %o the priority is %d', (metadata, priority) => {
  const instance = cloudOf({ instances: { i: { metadata } } }).instance('i');
  expect(instance === undefined ? null : priorityOf(instance)).toBe(priority);
});
