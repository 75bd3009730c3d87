import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { connectOpenStack } from '../../src/openstack/connect.ts';
import { optionsFromSettings } from '../../src/openstack/settings.ts';
import { reconciling } from '../../src/parts/reconciling.ts';
import { openIngest } from './ingest-embedded.ts';
import type { Side } from './side.ts';

/** Full passes follow each other, so that one is under way in every round. In seconds. */
const AT_ONCE = 1;
const INCREMENTS = 60;

export interface ReconciledSettings {
  readonly population: string;
  /** The file of what a client of the simulated nova needs to log in. */
  readonly credentials: string;
}

/** Vigil on its embedded default, comparing its model with a nova all the time. Rounds give messages a second. */
export async function ingestReconciledSide({ population, credentials }: ReconciledSettings): Promise<Side> {
  const { side, service } = await openIngest(population);
  const log = pino({ level: 'silent' });
  const settings = JSON.parse(readFileSync(credentials, 'utf8')) as Record<string, string>;
  const openstack = await connectOpenStack(optionsFromSettings(settings, credentials), log);
  const config = { reconcile: { interval: AT_ONCE, increment: INCREMENTS } };
  const { begin, end } = reconciling({ config, service, openstack, log });
  await begin?.();
  return {
    round: side.round,
    close: async () => {
      await end?.();
      await openstack.close();
      await side.close();
    },
  };
}
