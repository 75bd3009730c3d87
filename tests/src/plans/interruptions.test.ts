import { describe, expect, it } from 'vitest';
import type { MigrationState } from '../../../model/registers.ts';
import type { LimitsConfig } from '../../../src/config/schema/engine.ts';
import { Interruptions } from '../../../src/plans/interruptions.ts';
import { cloudOf, type InstanceTold } from '../../strategies/cloud.ts';
import { action, moveOf } from './records.ts';

const PLENTY: LimitsConfig = {
  ...{ migrations: 100, out_of_host: 100, into_host: 100, moves_per_plan: 100, nova_silence: 1 },
  ...{ interrupted_per_group: 100, interrupted_per_project: 0 },
};

const ofProject = (project_id: string): InstanceTold => ({ identity: { project_id } });
const CLOUD = cloudOf({
  instances: { i: ofProject('p'), j: ofProject('p'), k: ofProject('q'), l: ofProject('q') },
  groups: { pair: { members: ['i', 'k'], policy: 'soft-anti-affinity' }, other: { members: ['j', 'l'] } },
});

function migration(from: string, to: string | null): MigrationState {
  return {
    ...{ uuid: 'm', id: 7, type: 'live-migration', status: 'running' },
    ...{ source_host: from, source_node: from, dest_host: to, dest_node: to },
  };
}

function interruptions(limits: Partial<LimitsConfig>, seen: { [uuid: string]: MigrationState } = {}): Interruptions {
  return new Interruptions({ ...PLENTY, ...limits }, CLOUD, () => new Map(Object.entries(seen)));
}

const stop = (uuid: string) => action('stop', { resource_id: uuid });

describe('a limit', () => {
  it('of migrations in the cloud counts those of Vigil and of others, each once', () => {
    const both = interruptions({ migrations: 2 }, { j: migration('there', 'far') });
    expect(both.hold(moveOf('i', 'here', 'there'))).toBeNull();
    both.begin(moveOf('i', 'here', 'there'));
    expect(both.hold(moveOf('k', 'here', 'there'))).toBe(
      '2 or more migrations are under way in the cloud (limits.migrations).',
    );
    const seenToo = interruptions({ migrations: 2 }, { i: migration('here', 'there') });
    seenToo.begin(moveOf('i', 'here', 'there'));
    expect(seenToo.hold(moveOf('k', 'here', 'there'))).toBeNull();
  });

  it('is told in the same words however many there are, since what is told is written whenever it changes', () => {
    const seen: { [uuid: string]: MigrationState } = { j: migration('there', 'far') };
    const others = interruptions({ migrations: 1 }, seen);
    const told = others.hold(moveOf('i', 'here', 'there'));
    expect(told).not.toBeNull();
    seen.k = migration('there', 'far');
    expect(others.hold(moveOf('i', 'here', 'there'))).toBe(told);
  });

  it('of a host counts what leaves it, and what goes to it', () => {
    const out = interruptions({ out_of_host: 1 }, { j: migration('here', 'far') });
    expect(out.hold(moveOf('i', 'here', 'there'))).toBe('1 or more migrations leave here (limits.out_of_host).');
    expect(out.hold(moveOf('i', 'there', 'far'))).toBeNull();
    const into = interruptions({ into_host: 1 }, { j: migration('here', 'far') });
    expect(into.hold(moveOf('i', 'there', 'far'))).toBe('1 or more migrations go to far (limits.into_host).');
    expect(into.hold(moveOf('i', 'far', 'here'))).toBeNull();
  });

  it('of a host counts what nova has chosen it for, once that is seen', () => {
    const seen: { [uuid: string]: MigrationState } = {};
    const into = interruptions({ into_host: 1 }, seen);
    into.begin(moveOf('j', 'here', null));
    expect(into.hold(moveOf('i', 'there', 'far'))).toBeNull();
    const later = interruptions({ into_host: 1 }, { j: migration('here', 'far') });
    later.begin(moveOf('j', 'here', null));
    expect(later.hold(moveOf('i', 'there', 'far'))).toBe('1 or more migrations go to far (limits.into_host).');
  });

  it('of a server group lets so many of its members be interrupted at once, whatever is done to them', () => {
    const one = interruptions({ interrupted_per_group: 1 });
    one.begin(stop('i'));
    expect(one.hold(moveOf('k', 'here', 'there'))).toBe(
      '1 or more members of server group pair are interrupted (limits.interrupted_per_group).',
    );
    expect(one.hold(moveOf('j', 'here', 'there'))).toBeNull();
    const two = interruptions({ interrupted_per_group: 2 });
    two.begin(stop('i'));
    expect(two.hold(stop('k'))).toBeNull();
  });

  it('of a project lets so many of its instances be interrupted at once; 0 is none', () => {
    const one = interruptions({ interrupted_per_project: 1 }, { i: migration('here', 'there') });
    expect(one.hold(stop('j'))).toBe(
      '1 or more instances of project p are interrupted (limits.interrupted_per_project).',
    );
    expect(one.hold(stop('k'))).toBeNull();
    const none = interruptions({ interrupted_per_project: 0 }, { i: migration('here', 'there') });
    expect(none.hold(stop('j'))).toBeNull();
  });

  it('is free again once an action has ended', () => {
    const one = interruptions({ migrations: 1 });
    one.begin(moveOf('i', 'here', 'there'));
    one.end(moveOf('i', 'here', 'there'));
    expect(one.hold(moveOf('k', 'here', 'there'))).toBeNull();
  });

  it('does not hold what interrupts nobody', () => {
    const none = interruptions({ migrations: 1, interrupted_per_project: 1 }, { i: migration('here', 'there') });
    expect(none.hold(action('start', { resource_id: 'j' }))).toBeNull();
    expect(none.hold(action('nop', {}))).toBeNull();
  });
});
