import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { accessOf } from '../../src/access.ts';
import { type Desk, deskOn } from '../../src/audits/desk.ts';
import { MovesSeen } from '../../src/audits/moves-seen.ts';
import type { Actor } from '../../src/audits/record.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Ending } from '../../src/ending.ts';
import type { Foundation } from '../../src/foundation.ts';
import { acting } from '../../src/parts/acting.ts';
import { failSafeOf } from '../../src/parts/fail-safe.ts';
import { keepingRecords } from '../../src/parts/keeping-records.ts';
import { cloudFacts, hostName, type Scale } from '../cloud-model.ts';
import { openIngest } from './ingest-embedded.ts';
import type { Side } from './side.ts';

export interface AuditedSettings extends Scale {
  readonly population: string;
  /** How many audits look again and again. */
  readonly audits: number;
}

/** Seconds between two looks of an audit. */
const INTERVAL = '1';
const BY: Actor = { kind: 'user', name: 'bench' };
const LOOK_MS = 20;

/**
 * Vigil on its embedded default, beside the cloud it is told of with one in which everything is known that strategies ask
 * for; audits plan each second how hosts of that one are emptied, and keep the plans. Rounds give messages a second.
 */
export async function ingestAuditedSide({ population, audits, ...scale }: AuditedSettings): Promise<Side> {
  const { side, service } = await openIngest(population);
  for (const facts of cloudFacts(scale)) await service.store.commit(facts);
  const log = pino({ level: 'silent' });
  const { config } = await loadConfig({ directory: tmpdir(), flags: [] });
  const fail = (error: unknown): void => {
    process.nextTick(() => {
      throw error;
    });
  };
  const foundation: Foundation = {
    ...{ config, roles: new Set(['engine'] as const), log, service, fail },
    ...{ standings: null, openstack: null, simulations: [], access: await accessOf(config, log, new Ending()) },
  };
  const desk = deskOn(service.store.ledger, Date.now);
  const evidence = {
    metrics: () => ({ mean: () => null, series: () => [] }),
    history: new MovesSeen(),
    hasRecovered: () => false,
  };
  const engine = acting(foundation, desk, failSafeOf(foundation, desk), evidence);
  await keepingRecords(foundation, desk).begin?.();
  await engine.begin?.();
  for (let n = 0; n < audits; n++) await begin(desk, hostName(n));
  return {
    round: side.round,
    close: async () => {
      await engine.end?.();
      await side.close();
    },
  };
}

/** Resolves once the audit has made its first plan: nothing is measured that does nothing. */
async function begin({ audits, book }: Desk, maintenance_node: string): Promise<void> {
  const { uuid } = await audits.create(
    {
      ...{ auditType: 'CONTINUOUS', goal: 'cluster_maintaining', strategy: 'host_maintenance', interval: INTERVAL },
      parameters: { maintenance_node },
    },
    BY,
  );
  while ([...book.plans.ofAudit(uuid)].length === 0) {
    const { statusMessage } = audits.find(uuid);
    if (statusMessage !== null) throw new Error(statusMessage);
    await sleep(LOOK_MS);
  }
}
