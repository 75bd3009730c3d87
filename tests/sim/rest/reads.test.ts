import { expect, test } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { foldFacts } from '../../../model/join.ts';
import { LiveModel } from '../../../model/live-model.ts';
import { withFaults } from '../../../sim/faults.ts';
import { createSimulatedCloud } from '../../../sim/index.ts';
import { encode } from '../../../sim/wire/envelope.ts';
import { factsOf } from '../../../streams/authority/facts.ts';
import type { Fields } from '../../../streams/decode/envelope.ts';
import { decodeEnvelope } from '../../../streams/decode/envelope.ts';
import { stampOf } from '../../../streams/reading/read.ts';
import { factsOfServer } from '../../../streams/reading/server.ts';
import { clientOf } from './client.ts';

/** Late enough that no clock is cut. */
const AFTERWARDS = Date.UTC(2099, 0) * 1000;

test('what the API says at random moments fits in with the notifications, in any order', {
  timeout: 60_000,
}, async () => {
  const cloud = createSimulatedCloud({ hosts: 20, instances: 200, operationsPerSecond: 10, seed: 6 });
  const rest = await cloud.rest();
  const client = await clientOf(rest);
  const told: Fact[][] = [];
  cloud.onEmission((emission) => {
    told.push([...factsOf(decodeEnvelope(encode(emission, 'rabbit')), AFTERWARDS).facts]);
  });

  const read = async (id: string): Promise<void> => {
    const sent = cloud.cloud.now;
    const { body, headers } = await client.compute('GET', '/servers/detail?all_tenants=1');
    const reading = {
      request: 'GET /servers/detail',
      id: headers.get('x-openstack-request-id') ?? id,
      endpoint: rest.url,
      sent,
    };
    const stamp = stampOf(reading, sent + 1000, AFTERWARDS);
    const { servers } = body as { servers: Fields[] };
    told.push(servers.flatMap((server) => factsOfServer(server, stamp)));
  };
  for (let i = 0; i < 40; i++) {
    cloud.advance(0.3 + (i % 7) * 0.41);
    await read(String(i));
    cloud.advance(0.001);
  }
  cloud.settle();
  await rest.close();

  const model = new LiveModel();
  let seq = 0;
  for (const facts of withFaults(told, { seed: 1, reorder: 400, duplicate: 0.1 })) {
    for (const [element, registers] of foldFacts(facts)) {
      seq += 1;
      model.apply([{ element, facts: [...registers.values()], revision: `1-${seq}`, previous: null }]);
    }
  }
  const { instances } = cloud.truth();
  expect(told.length).toBeGreaterThan(2000);
  const held = instances.map(({ uuid }) => {
    const instance = model.instance(uuid);
    return [uuid, instance?.place?.host, instance?.place?.node, instance?.state?.vm_state, instance?.state?.task_state];
  });
  const true_ = instances.map(({ uuid, deleted, host, node, state, task_state }) =>
    deleted ? [uuid, undefined, undefined, undefined, undefined] : [uuid, host, node, state, task_state],
  );
  expect(held).toEqual(true_);
});
