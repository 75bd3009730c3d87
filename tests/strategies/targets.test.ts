import { describe, expect, it } from 'vitest';
import { MoveCheck } from '../../strategies/constraints/may-move.ts';
import { Targets } from '../../strategies/targets.ts';
import { cloudOf, type Told } from './cloud.ts';

const ALL = { hasHost: () => true, hasInstance: () => true };
const on = (host: string, vcpus = 2) => ({ place: { host }, flavor: { vcpus } });

function targetsOf(told: Told) {
  const view = cloudOf(told).fork();
  return { view, targets: new Targets(view, ALL), check: () => new MoveCheck(view, 'i', 'live') };
}

describe('the hosts that may take an instance', () => {
  it('are enabled, and come with the least loaded first', () => {
    const hosts = { a: {}, b: {}, off: { service: { disabled: true } } };
    const { targets } = targetsOf({ hosts, instances: { j: on('a', 8), k: on('there', 4) } });
    expect(targets.names).toEqual(['b', 'here', 'there', 'a']);
  });

  it('are the one of which nothing is to be said, before one that a soft policy would rather avoid', () => {
    const groups = { g: { policy: 'soft-anti-affinity', members: ['i', 'j'] } };
    const { targets, check } = targetsOf({
      hosts: { far: {} },
      instances: { j: on('far', 1), k: on('there', 8) },
      groups,
    });
    expect(targets.best(check())).toBe('there');
  });

  it('take another place once an instance was moved there', () => {
    const { view, targets, check } = targetsOf({ hosts: { far: {} } });
    expect(targets.best(check())).toBe('far');
    view.move('i', 'far');
    targets.moved('far');
    expect(targets.names.indexOf('far')).toBeGreaterThan(targets.names.indexOf('there'));
  });

  it('are none, with what each rule says of one of them', () => {
    const { targets, check } = targetsOf({
      hosts: { far: { heartbeat: { up: false } } },
      instances: { i: on('here', 11) },
    });
    expect(targets.best(check())).toBeNull();
    expect(targets.refusals(check())).toContain('nova counts the service of far as down');
    expect(targets.refusals(check())).toContain('It takes 11 VCPU; there has 20 of 20 left');
  });
});
