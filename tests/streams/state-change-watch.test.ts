import { describe, expect, it } from 'vitest';
import { StateChangeWatch } from '../../streams/state-change-watch.ts';
import { recordings, type Scenario, traces } from './corpus.ts';
import { messageOf } from './messages.ts';

/** Whether updates were missed at any moment of a scenario, and at its end. */
function watched(scenario: readonly Buffer[], hears: (event: string) => boolean = () => true): boolean[] {
  const watch = new StateChangeWatch();
  return scenario.map((body) => {
    const { event_type, publisher_id } = messageOf(body);
    if (hears(event_type)) watch.observe(event_type, publisher_id);
    return watch.unset;
  });
}

const all: readonly Scenario[] = [...traces(), ...recordings()];

describe('that notify_on_state_change is unset', () => {
  it('is never taken from a nova that sends updates', () => {
    for (const { bodies } of all) expect(watched(bodies)).not.toContain(true);
    expect(watched(all.flatMap(({ bodies }) => bodies))).not.toContain(true);
  });

  it('is noticed of the same nova once its updates are left out', () => {
    const bodies = recordings().flatMap((scenario) => scenario.bodies);
    const told = watched(bodies, (event) => event !== 'instance.update');
    expect(told.at(-1)).toBe(true);
    expect(told.filter((unset) => !unset).length).toBeGreaterThan(4);
  });

  it('is not taken from a few actions, of which an update may have been lost', () => {
    const watch = new StateChangeWatch();
    for (let i = 0; i < 4; i++) watch.observe('instance.create.end', 'nova-compute:host1');
    expect(watch.unset).toBe(false);
    watch.observe('instance.create.end', 'nova-compute:host1');
    expect(watch.unset).toBe(true);
  });

  it('is not refuted by updates of tags, which the API always sends', () => {
    const watch = new StateChangeWatch();
    for (let i = 0; i < 5; i++) {
      watch.observe('instance.power_on.end', 'nova-compute:host1');
      watch.observe('instance.update', 'nova-api:controller');
    }
    expect(watch.unset).toBe(true);
  });

  it('is withdrawn with the first update of a state', () => {
    const watch = new StateChangeWatch();
    for (let i = 0; i < 9; i++) watch.observe('instance.unshelve.end', 'nova-compute:host1');
    watch.observe('instance.update', 'nova-compute:host1');
    expect(watch.unset).toBe(false);
  });

  it('is not concluded from what is sent without a save: starts, exists, locks', () => {
    const watch = new StateChangeWatch();
    for (const event of ['instance.create.start', 'instance.exists', 'instance.lock', 'instance.volume_attach.end']) {
      for (let i = 0; i < 9; i++) watch.observe(event, 'nova-compute:host1');
    }
    expect(watch.unset).toBe(false);
  });
});
