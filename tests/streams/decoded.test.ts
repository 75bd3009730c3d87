import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import { instanceKey } from '../../model/live-model.ts';
import { factsOf } from '../../streams/authority/facts.ts';
import { AUTHORITY } from '../../streams/authority/table.ts';
import { decodeEnvelope } from '../../streams/decode/envelope.ts';
import { decode } from '../../streams/decoded.ts';
import { bodies, changed, envelope, firstOf, type Json, messageOf, oneOfEach, raw } from './messages.ts';
import { AFTERWARDS, modelOf } from './replayed.ts';

const each = [...oneOfEach().values()];

/** What a fact must be, whatever made it: nothing else may reach a store or a replica. */
function expectSound(facts: readonly Fact[]): void {
  for (const { element, register, clock, value, cause } of facts) {
    expect(element).toMatch(/^(instance|host|aggregate|server_group)\/./s);
    expect(element.length).toBeLessThan(300);
    expect(register.length).toBeLessThan(300);
    expect(clock).toMatch(/^\d{10}\.[01]\.\d{16}\.[0-9a-f]{8}$/);
    expect(value).not.toBeUndefined();
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(Number.isSafeInteger(cause.time)).toBe(true);
  }
  const model = modelOf([facts]);
  for (const instance of model.instances()) {
    expect(model.explain(instanceKey(instance.uuid))).not.toBeNull();
    const { vcpus, memory_mb, disk_gb } = model.totalsOn(instance.place?.host ?? '');
    for (const sum of [vcpus, memory_mb, disk_gb]) expect(Number.isFinite(sum)).toBe(true);
  }
  expect([...model.hosts()].every(({ name }) => typeof name === 'string')).toBe(true);
}

describe('a received message', () => {
  it('becomes facts when it is one of nova', () => {
    for (const body of bodies) {
      const { event, facts, letter, cut } = decode(raw(body), AFTERWARDS);
      expect(letter).toBeNull();
      expect(event).toBe(messageOf(body).event_type);
      expect(cut).toBe(false);
      expectSound(facts);
      if (event !== null && !AUTHORITY.has(event)) expect(facts).toEqual([]);
    }
  });

  it('tells the same as when all of it is parsed, though most is left out', () => {
    for (const body of bodies)
      expect(decode(raw(body), AFTERWARDS).facts).toEqual(factsOf(decodeEnvelope(body), AFTERWARDS).facts);
  });

  it('becomes a dead letter and nothing else when it is cut off anywhere', () => {
    const cuts = fc
      .constantFrom(...each)
      .chain((body) => fc.tuple(fc.constant(body), fc.nat({ max: body.length - 1 })));
    fc.assert(
      fc.property(cuts, ([body, length]) => {
        const { letter, facts, event } = decode(raw(body.subarray(0, length)), AFTERWARDS);
        expect(letter?.reason).toMatch(/^not-(json|text|an-envelope)$/);
        expect({ facts, event }).toEqual({ facts: [], event: null });
      }),
      { numRuns: 5_000 },
    );
  });

  it('becomes facts or a dead letter whatever is put in the place of one of its fields', () => {
    fc.assert(
      fc.property(fc.constantFrom(...each), fc.nat(), junk, (real, place, value) => {
        const message = messageOf(real);
        const fields = placesIn(message as unknown as Json);
        const { holder, key } = fields[place % fields.length] as Place;
        if (value === REMOVED) delete holder[key];
        else holder[key] = value as Json;
        const body = Buffer.from(envelope(message).toString().replace(DEEP_TEXT, NESTED));
        const { letter, facts, event } = decode(raw(body), AFTERWARDS);
        if (letter === null) expectSound(facts);
        else expect({ facts, event }).toEqual({ facts: [], event: null });
      }),
      { numRuns: 5_000 },
    );
  });

  it('becomes facts or a dead letter when bytes of it are changed', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...each), edits, (body, changes) => {
        const broken = Buffer.from(body);
        for (const [at, byte] of changes) broken[at % broken.length] = byte;
        const { letter, facts } = decode(raw(broken), AFTERWARDS);
        if (letter === null) expectSound(facts);
        else expect(facts).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('with a host of 10,000 characters becomes a dead letter that names the field', () => {
    const update = firstOf('live_migration_success', 'instance.update');
    const { letter } = decode(raw(envelope(changed(update, { host: 'h'.repeat(10_000) }))), AFTERWARDS);
    expect(letter).toMatchObject({ reason: 'bad-field', detail: expect.stringMatching(/^host must be/) });
    expect(letter?.detail.length).toBeLessThan(300);
  });

  it('of 10 MiB becomes a dead letter of a few KiB', () => {
    const { letter } = decode(raw(Buffer.alloc(10 * 1024 * 1024, 'x')), AFTERWARDS);
    expect(letter).toMatchObject({ reason: 'too-large', bytes: 10 * 1024 * 1024 });
    expect(JSON.stringify(letter).length).toBeLessThan(20_000);
  });

  it('keeps keys that are names of prototypes as what they are', () => {
    const update = firstOf('live_migration_success', 'instance.update');
    const hostile = JSON.parse('{"__proto__": "polluted", "constructor": "c", "toString": "t"}') as {
      [key: string]: Json;
    };
    const { facts } = decode(raw(envelope(changed(update, { metadata: hostile }))), AFTERWARDS);
    const model = modelOf([facts]);
    const [instance] = model.instances();
    expect(Object.entries(instance?.metadata ?? {})).toEqual(Object.entries(hostile));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('that claims nothing is not looked into, and one of an event unknown today claims nothing', () => {
    const update = firstOf('live_migration_success', 'instance.update');
    for (const event_type of ['instance.live_migration_post.end', 'instance.something_new.end', 'keypair.create']) {
      const told = decode(raw(envelope({ ...update, event_type, payload: 'no object' })), AFTERWARDS);
      expect(told).toMatchObject({ event: event_type, facts: [], letter: null });
    }
  });

  it('of a payload version unknown today is read as far as it is known', () => {
    const update = firstOf('live_migration_success', 'instance.update');
    const novel = changed(update, { novel: { deep: [1] } });
    novel.payload['nova_object.version'] = '9.9';
    const { facts } = decode(raw(envelope(novel)), AFTERWARDS);
    expect(facts.map(({ register, value }) => [register, value])).toEqual(
      decode(raw(envelope(update)), AFTERWARDS).facts.map(({ register, value }) => [register, value]),
    );
  });
});

const REMOVED = Symbol('removed');
/** Stands for what is nested too deeply for JSON.stringify, and so is put into the text. */
const DEEP = 'nested deeply';
const DEEP_TEXT = `\\"${DEEP}\\"`;
const NESTED = '['.repeat(50_000) + ']'.repeat(50_000);

/** Values of the wrong type, size or depth. */
const junk = fc.oneof(
  fc.constant(REMOVED),
  fc.constantFrom<Json>(null, true, -1, 1.5, 2 ** 60, 1e308, '', '0', ' ', [], {}, [[]], [null], ['', '\u0000']),
  fc.constantFrom<Json>('x'.repeat(256), 'x'.repeat(10_000), Array(10_001).fill('a'), '9999-12-31T23:59:59Z'),
  fc.constantFrom<Json>('0001-01-01 00:00:00', '__proto__', 'a/b', 'nova-compute', 'deleted', 'resize_migrated'),
  fc.constant(DEEP),
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.string(),
);

interface Place {
  readonly holder: { [key: string]: Json };
  readonly key: string;
}

/** Every field of every object in a value, at any depth. */
function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as { [key: string]: Json };
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] as Json)]);
}
