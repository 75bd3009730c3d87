import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementId, elementKind } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import { type Entity, LiveModel, type ModelChange } from '../../model/live-model.ts';
import { isOrderedByClock } from '../../model/registers.ts';
import { applied, oneByOne, sizes } from './applied.ts';
import { fact as told } from './stores/facts.ts';
import { changesOf, steps } from './world.ts';

const SERVICE = { disabled: false, disabled_reason: null, forced_down: false };

describe('a visible change', () => {
  /** What a reader knows who was told every change, by kind and id. */
  const follow = (visible: readonly ModelChange[]): Map<string, Entity> => {
    const known = new Map<string, Entity>();
    for (const { kind, id, before, after } of visible) {
      expect(before).toBe(known.get(`${kind}/${id}`) ?? null);
      expect(before ?? after).not.toBeNull();
      if (after === null) known.delete(`${kind}/${id}`);
      else known.set(`${kind}/${id}`, after);
    }
    return known;
  };

  it('carries on from the one before, so that its reader knows what the model knows', () => {
    fc.assert(
      fc.property(steps, sizes, (happened, batches) => {
        const { model, visible } = applied(changesOf(happened), batches);
        const known = [...follow(visible)];
        const of = (kind: string): unknown[] => known.filter(([key]) => key.startsWith(kind)).map(([, one]) => one);
        expect(new Set(of('instance/'))).toEqual(new Set(model.instances()));
        expect(new Set(of('aggregate/'))).toEqual(new Set(model.aggregates()));
        expect(new Set(of('server_group/'))).toEqual(new Set(model.serverGroups()));
        expect(new Set(of('host/'))).toEqual(new Set(model.hosts()));
      }),
      { numRuns: 300 },
    );
  });

  it('names the registers whose values changed, and what told the latest of them', () => {
    fc.assert(
      fc.property(steps, (happened) => {
        const values = new Map<string, unknown>();
        const model = new LiveModel();
        for (const change of changesOf(happened)) {
          const [visible, ...more] = model.apply([change]);
          // What an instance is the first or the last to name is told with it.
          for (const { kind, registers, cause } of more)
            expect([kind, registers, cause]).toEqual(['host', [], visible?.cause]);
          const changed = change.facts.filter(({ value }) => value !== undefined);
          for (const one of changed) {
            expect(values.get(`${one.element} ${one.register}`)).not.toEqual(one.value);
            values.set(`${one.element} ${one.register}`, one.value);
          }
          if (change.facts.length === 0) {
            for (const key of values.keys()) if (key.startsWith(`${change.element} `)) values.delete(key);
          }
          if (visible === undefined) continue;
          const count = change.facts.filter(({ register, value }) => value !== undefined || isOrderedByClock(register));
          const clocks = count.map(({ clock }) => clock).sort();
          expect(visible).toMatchObject({
            revision: change.revision,
            kind: elementKind(change.element),
            id: elementId(change.element),
            registers: count.map(({ register }) => register),
            cause: count.find(({ clock }) => clock === clocks.at(-1))?.cause ?? null,
          });
          if (changed.length === 0 && change.facts.length > 0) expect(visible.before).not.toEqual(visible.after);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is told when a thing counts again because it was told again, though its value is as before', () => {
    const { model, visible } = applied(
      oneByOne([
        told('instance/i0', 'volumes', 1, ['v0']),
        told('instance/i0', 'volume/v1', 2, true),
        told('instance/i0', 'volumes', 3, ['v0']),
        told('host/h0', 'service/s0', 1, SERVICE),
        told('host/h0', 'service/s1', 2, SERVICE),
        told('host/h0', 'service/s1', 3, SERVICE),
        told('host/h0', 'service/s0', 4, SERVICE),
      ]),
    );
    expect(model.instance('i0')?.volumes).toEqual(['v0']);
    expect(model.host('h0')?.service?.uuid).toBe('s0');
    expect(visible.map(({ registers, cause }) => [...registers, cause?.time])).toEqual([
      ['volumes', 1],
      ['volume/v1', 2],
      ['volumes', 3],
      ['service/s0', 1],
      ['service/s1', 2],
      ['service/s0', 4],
    ]);
  });

  it('is not told when no value changed, nor of what was deleted before', () => {
    const model = new LiveModel();
    const facts = [told('instance/i0', 'power', 1, 'running')];
    expect(model.apply(oneByOne(facts))).toHaveLength(1);
    const again: Fact = { ...told('instance/i0', 'power', 2, null), value: undefined };
    expect(model.apply([{ element: 'instance/i0', facts: [again], revision: '1-2', previous: '1-1' }])).toEqual([]);
    const end = told('instance/i0', 'life', 3, true);
    expect(model.apply([{ element: 'instance/i0', facts: [end], revision: '1-3', previous: '1-2' }])).toHaveLength(1);
    const late = told('instance/i0', 'power', 4, 'shutdown');
    expect(model.apply([{ element: 'instance/i0', facts: [late], revision: '1-4', previous: '1-3' }])).toEqual([]);
    expect(
      model.apply([
        { element: 'instance/i9', facts: [told('instance/i9', 'life', 1, true)], revision: '1-5', previous: null },
      ]),
    ).toEqual([]);
    expect(model.instance('i0')).toBeUndefined();
  });
});
