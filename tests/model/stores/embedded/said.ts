import type { Fact } from '../../../../model/fact.ts';
import type { StoredRecord } from '../../../../model/store.ts';
import { fact } from '../facts.ts';

/** What the n-th commit of a test says: later ones overtake it, and some say again what is known. */
export function factsSaid(n: number): Fact[] {
  const element = `instance/${n % 60}` as const;
  return [
    fact(element, 'place', n, { host: `h${n % 7}`, node: null }),
    fact(element, 'state', n, { vm_state: n % 120 < 60 ? 'active' : 'stopped', task_state: null }),
    fact(`host/h${n % 7}`, `member/${n % 500}`, n, 'x'.repeat(n % 300)),
    fact('host/often', 'heartbeat', n, { up: n % 5 !== 0 }),
  ];
}

/** Every tenth commit keeps a record first, as dead letters are. */
export function recordsSaid(n: number): StoredRecord[] {
  return n % 10 === 0 ? [{ id: String(n).padStart(8, '0'), value: { n } }] : [];
}

export const RECORDS = { kind: 'dead-letter', limit: 1_000_000 } as const;
