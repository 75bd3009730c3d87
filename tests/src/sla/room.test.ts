import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Room } from '../../../src/sla/room.ts';
import { SampleStore } from '../../../streams/sla/windows/sample-store.ts';

test('that there is no room for further series is told once, and when there is again', () => {
  const told: string[] = [];
  const log = pino({}, { write: (line: string) => told.push((JSON.parse(line) as { msg: string }).msg) });
  const samples = new SampleStore(60, { series: 1, bytes: 1_000_000 });
  const room = new Room(samples, log);
  const add = (resource: string): void => room.note(samples.add({ metric: 'm', resource, value: 1, time: 1 }));
  add('a');
  room.step();
  expect([room.full, told]).toEqual([false, []]);
  for (let step = 0; step < 2; step++) {
    add('b');
    room.step();
  }
  expect([room.full, room.refused]).toEqual([true, 2]);
  room.step();
  expect([room.full, told]).toEqual([
    false,
    ['there is no room for further series: those that are new are not evaluated', 'there is room for all series again'],
  ]);
});
