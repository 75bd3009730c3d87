import type { Fact } from '../../model/fact.ts';
import { foldFacts } from '../../model/join.ts';
import { instanceKey, LiveModel } from '../../model/live-model.ts';
import { factsOf } from '../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../streams/decode/envelope.ts';
import type { Truth } from './corpus.ts';

/** Late enough that no recorded clock is cut. */
export const AFTERWARDS = Date.UTC(2099, 0) * 1000;

/** The facts of each message, decoded once, so that thousands of orders can be tried. */
export function factsOfBodies(bodies: readonly Buffer[]): Fact[][] {
  return bodies.map((body) => [...factsOf(decodeEnvelope(body), AFTERWARDS).facts]);
}

/** The model after facts were joined in the given order. */
export function modelOf(messages: readonly (readonly Fact[])[]): LiveModel {
  const model = new LiveModel();
  let seq = 0;
  for (const facts of messages) {
    for (const [element, registers] of foldFacts(facts)) {
      seq += 1;
      model.apply([{ element, facts: [...registers.values()], revision: `1-${seq}`, previous: null }]);
    }
  }
  return model;
}

/** What of an instance differs from the truth, as text; null when nothing does. */
export function difference(model: LiveModel, uuid: string, truth: Truth): string | null {
  const instance = model.instance(uuid);
  if (truth.deleted)
    return instance === undefined ? null : `${uuid} is deleted, the model has it on ${instance.place?.host}`;
  if (instance === undefined)
    return `${uuid} ${model.isDeleted(instanceKey(uuid)) ? 'is taken for deleted' : 'is not known'}`;
  const held: Partial<Truth> = {
    host: instance.place?.host ?? null,
    node: instance.place?.node ?? null,
    state: instance.state?.vm_state ?? null,
    task_state: instance.state?.task_state ?? null,
  };
  const wrong = (Object.keys(held) as (keyof Truth)[]).filter((key) => key in truth && held[key] !== truth[key]);
  if (wrong.length === 0) return null;
  return `${uuid}: ${wrong.map((key) => `${key} is ${truth[key]}, held ${held[key]}`).join('; ')}`;
}

/** All differences from the truth of one scenario. */
export function differences(model: LiveModel, truth: ReadonlyMap<string, Truth>): string[] {
  return [...truth].map(([uuid, one]) => difference(model, uuid, one)).filter((text) => text !== null);
}
