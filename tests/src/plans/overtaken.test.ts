import { expect, it } from 'vitest';
import type { Action } from '../../../src/audits/action.ts';
import { whyOvertaken } from '../../../src/plans/overtaken.ts';
import { cloudOf } from '../../strategies/cloud.ts';
import { action, moveOf } from './records.ts';

const CLOUD = cloudOf({ instances: { unplaced: { place: null } } });

it.each<[string, Action, string | null]>([
  ['a move of what is where it was', moveOf('i', 'here', 'there'), null],
  ['a move of what is elsewhere', moveOf('i', 'there', 'here'), 'instance i is on here, not on there'],
  ['a move of what is gone', moveOf('nobody', 'here', 'there'), 'instance nobody is gone'],
  ['a stop of what is gone', action('stop', { resource_id: 'nobody' }), 'instance nobody is gone'],
  ['a stop of what is elsewhere', action('stop', { resource_id: 'i' }), null],
  ['a move of what nobody told the place of', moveOf('unplaced', 'here', 'there'), null],
  ['something done to a host', action('change_nova_service_state', { resource_id: 'nowhere' }), null],
  ['a pause', action('sleep', { duration: 1 }), null],
  ['what a person had skipped', moveOf('nobody', 'here', 'there', { state: 'SKIPPED' }), null],
])('of a plan that nobody started, %s: %s', (_, one, reason) => {
  const found = whyOvertaken([moveOf('i', 'here', 'there'), one], CLOUD);
  expect(found).toBe(reason === null ? null : `The model has moved on: ${reason}.`);
});
