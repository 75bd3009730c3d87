import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementId } from '../../model/element.ts';
import { LiveModel } from '../../model/live-model.ts';
import { applied, oneByOne } from './applied.ts';
import { fact as told } from './stores/facts.ts';
import { fact } from './world.ts';

const SERVICE = { disabled: false, disabled_reason: null, forced_down: false };

describe('a tombstone', () => {
  it('stays in whatever order it comes, for instances, aggregates and server groups', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), (facts) => {
        const { model } = applied(oneByOne(facts));
        for (const { element, register } of facts) {
          if (register !== 'life') continue;
          expect(model.isDeleted(element)).toBe(true);
          const id = elementId(element);
          expect([model.instance(id), model.aggregate(id), model.serverGroup(id)]).toEqual([
            undefined,
            undefined,
            undefined,
          ]);
          expect(model.explain(element)).not.toBeNull();
        }
      }),
    );
  });

  it('is old when its own time is, whatever came later', () => {
    const model = new LiveModel();
    const facts = [
      told('instance/i0', 'life', 5, true),
      told('instance/i0', 'power', 90, 'x'),
      told('instance/i1', 'life', 50, true),
      told('instance/i2', 'power', 1, 'x'),
    ];
    model.load(facts, '1-1');
    expect(model.tombstonesBefore(5)).toEqual([]);
    expect(model.tombstonesBefore(6)).toEqual(['instance/i0']);
    expect(model.tombstonesBefore(1_000)).toEqual(['instance/i0', 'instance/i1']);
  });

  it('of a host is that of its last service, and none while one of them is there', () => {
    const model = new LiveModel();
    model.load([told('host/h0', 'service/s0', 1, SERVICE), told('host/h0', 'service/s1', 2, SERVICE)], '1-1');
    model.load([told('host/h0', 'life/s0', 3, true)], '1-2');
    expect(model.tombstonesBefore(100)).toEqual([]);
    model.load([told('host/h0', 'life/s1', 7, true)], '1-3');
    expect([model.tombstonesBefore(7), model.tombstonesBefore(8)]).toEqual([[], ['host/h0']]);
  });

  it('of a member is kept as long as its server group is there, which nova does not tell that it left', () => {
    const model = new LiveModel();
    model.load([told('server_group/g0', 'member/i0', 1, true), told('instance/i0', 'life', 5, true)], '1-1');
    expect(model.tombstonesBefore(100)).toEqual([]);
    model.load([told('server_group/g0', 'life', 6, true)], '1-2');
    expect(model.tombstonesBefore(100).sort()).toEqual(['instance/i0', 'server_group/g0']);
  });

  it('is collected without a trace', () => {
    const model = new LiveModel();
    model.load([told('instance/i0', 'life', 5, true)], '1-1');
    expect(model.apply([{ element: 'instance/i0', facts: [], revision: '1-2', previous: '1-1' }])).toEqual([]);
    expect(model.explain('instance/i0')).toBeNull();
    expect(model.isDeleted('instance/i0')).toBe(false);
    expect([...model.facts()]).toEqual([]);
  });
});
