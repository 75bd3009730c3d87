import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnVigil, ownVigil } from '../own-vigil.ts';
import { ACCEPTED } from './accepted.ts';
import { describeDifference } from './compare.ts';
import { readFlow } from './exchange.ts';
import { Names } from './names.ts';
import { replay } from './replay.ts';

/** In the order in which they were recorded: what one leaves is there for the next. */
const FLOWS = [
  'discovery',
  'goals',
  'strategies',
  'scoring_engines',
  'services',
  'data_model',
  'audit_templates',
  'audits',
  'actions',
];

/** A small cloud that keeps still, as the recorded Watcher had one. */
const CONFIG = {
  identity: { kind: 'headers' },
  sources: [{ kind: 'simulator', hosts: 10, instances: 3, operations_per_second: 0, noisy_every: 0 }],
  api: { own_goals: false, requests_per_second: 100_000 },
};

/** For one exchange, in milliseconds; what the engine brings about takes longer on a busy machine. */
const PATIENCE = 60_000;

let vigil: OwnVigil;
const names = new Names();
const met = new Set<string>();

beforeAll(async () => {
  vigil = await ownVigil(CONFIG);
});
afterAll(() => vigil?.stop());

describe.each(FLOWS)('what Watcher answered in %s', (flow) => {
  it.each(readFlow(flow).map((exchange) => [exchange.label, exchange] as const))(
    'is answered: %s',
    async (_, exchange) => {
      const differences = await replay(exchange, vigil.url, names);
      const open = differences.filter((difference) => {
        const accepted = ACCEPTED.find(({ covers }) => covers(difference, exchange));
        if (accepted !== undefined) met.add(accepted.watcher);
        return accepted === undefined;
      });
      expect(open.map(describeDifference)).toEqual([]);
    },
    PATIENCE,
  );
});

it('each accepted difference is one that is met', () => {
  expect(ACCEPTED.map(({ watcher }) => watcher).filter((watcher) => !met.has(watcher))).toEqual([]);
});
