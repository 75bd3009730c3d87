import { MIGRATING } from '../openstack/nova.ts';
import { type ServerFields, serverFields, textOf } from './server-fields.ts';
import type { Seen, Standing } from './step.ts';

const UNDER_WAY: ReadonlySet<string> = new Set(MIGRATING);

/** How something done to a server stands: by what is expected of it, by its migration when it makes one, and by its task. */
export function judgeServer({ server, migration }: Seen, isExpected: (server: ServerFields) => boolean): Standing {
  if (server === null) return { kind: 'failed', reason: 'The instance was deleted meanwhile.' };
  const fields = serverFields(server);
  const { host, vmState, taskState, fault } = fields;
  if (isExpected(fields)) return { kind: 'reached' };
  const status = textOf(migration?.status);
  if (taskState !== null || (status !== null && UNDER_WAY.has(status))) return { kind: 'going' };
  const now = `The instance is on ${host ?? 'no host'} in state ${vmState ?? 'unknown'}${fault === null ? '' : `; nova says: ${fault}`}.`;
  if (status === null) {
    if (vmState === 'error') return { kind: 'failed', reason: `nova put the instance into error. ${now}` };
    return { kind: 'absent' };
  }
  const hosts = [migration?.source_compute, migration?.dest_compute].map(textOf).filter((name) => name !== null);
  const where = `Look into the log of nova-compute on ${hosts.join(' and ') || 'its host'}`;
  const ended = `nova ended migration ${String(migration?.id)} as ${status}. ${now}`;
  if (status === 'cancelled') return { kind: 'cancelled', reason: ended };
  if (status === 'error' && hosts.length < 2) {
    return {
      kind: 'failed',
      reason: `${ended} It found no host for it: look into the logs of nova-conductor and nova-scheduler.`,
    };
  }
  return { kind: 'failed', reason: `${ended} ${where} for migration ${String(migration?.uuid ?? migration?.id)}.` };
}
