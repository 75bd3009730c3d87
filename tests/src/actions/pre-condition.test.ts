import { describe, expect, it } from 'vitest';
import type { LiveModel } from '../../../model/live-model.ts';
import { whyNotNow } from '../../../src/actions/pre-condition.ts';
import type { ActionContext, ActionTools, ReadTarget } from '../../../src/actions/tools.ts';
import type { Action } from '../../../src/audits/action.ts';
import { cloudOf, type Told } from '../../strategies/cloud.ts';
import { action, moveOf } from '../plans/records.ts';

const MOVE = moveOf('i', 'here', 'there');
const ANYWHERE = moveOf('i', 'here', null);
/** As placement tells it when it knows of the one instance on `here`. */
const CLAIMED: Told = { hosts: { here: { claims: { consumers: 1 } } } };

interface Asked {
  readonly automatic?: boolean;
  readonly read?: (target: ReadTarget) => Promise<string | null>;
}

function whyNot(one: Action, cloud: Told, { automatic = true, read = async () => null }: Asked = {}) {
  const model: LiveModel = cloudOf(cloud);
  return whyNotNow(one, { model, read } as ActionTools, { automatic } as ActionContext);
}

describe('before an action begins', () => {
  it('instance and hosts are read anew', async () => {
    const targets: ReadTarget[] = [];
    const read = async (target: ReadTarget): Promise<null> => {
      targets.push(target);
      return null;
    };
    expect(await whyNot(MOVE, CLAIMED, { read })).toBeNull();
    expect(targets.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(['host here', 'host there', 'instance i']);
  });

  it('nothing is done when they cannot be read', async () => {
    const read = async ({ id }: ReadTarget): Promise<string | null> => (id === 'there' ? 'nova is away' : null);
    expect(await whyNot(MOVE, CLAIMED, { read })).toEqual({ unread: 'nova is away' });
  });

  it.each<[string, Action, Told, RegExp]>([
    ['the instance is locked', MOVE, { instances: { i: { locked: { locked: true } } } }, /is locked/],
    ['its destination is disabled', MOVE, { hosts: { there: { service: { disabled: true } } } }, /there is disabled/],
    [
      'it does not want to be moved live',
      MOVE,
      { instances: { i: { metadata: { 'lifecycle:livemigratable': 'False' } } } },
      /livemigratable/,
    ],
    ['somebody else moves it', MOVE, { instances: { i: { migration: {} } } }, /migration/],
    ['it is elsewhere', moveOf('i', 'there', 'here'), {}, /It is to be moved from there, and it is on here/],
    ['it is gone', action('stop', { resource_id: 'nobody' }), {}, /nobody/],
    [
      'nova is to choose and no host may take it',
      ANYWHERE,
      { instances: { i: { flavor: { vcpus: 11 } } } },
      /^There is no host for it: .*It takes 11 VCPU/,
    ],
  ])('is it not done when %s', async (_, one, cloud, message) => {
    expect(await whyNot(one, { ...CLAIMED, ...cloud })).toEqual({ impossible: expect.stringMatching(message) });
  });

  it('nova may choose as long as one host may take it, or it alone can tell', async () => {
    expect(await whyNot(ANYWHERE, CLAIMED)).toBeNull();
    const numa = { flavor: { vcpus: 11, extra_specs: { 'hw:numa_nodes': '2' } } };
    expect(await whyNot(ANYWHERE, { ...CLAIMED, instances: { i: numa } })).toBeNull();
  });

  it('claims that conflict with what runs on a host stop what nobody asked for, and nothing else', async () => {
    const conflict = { hosts: { here: { claims: { consumers: 0 } } } };
    expect(await whyNot(MOVE, conflict)).toEqual({
      impossible: expect.stringMatching(/^Claims conflict on here: 1 instances run there and placement knows of 0/),
    });
    expect(await whyNot(MOVE, conflict, { automatic: false })).toBeNull();
  });
});
