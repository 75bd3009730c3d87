import { writeMessages } from '../messages.ts';
import { startSide } from '../sides/remote.ts';
import { compared, INGEST_ROUNDS, LARGE, RATE, USUAL } from './benchmark.ts';

const MESSAGES = 20_000;
const AUDITS = 2;

/** How much of the speed of ingest is left while audits run all the time. */
export const auditToIngest = compared(
  { name: 'audit.ingest/ingest', unit: RATE, required: 0.9, rounds: INGEST_ROUNDS },
  async (hold) => {
    const count = INGEST_ROUNDS.warmUps + INGEST_ROUNDS.rounds;
    const messages = await hold(writeMessages({ ...USUAL, wire: 'rabbit' }, count, MESSAGES), (it) => it.remove());
    const { population, rounds } = messages;
    const open = (audits: number) =>
      hold(startSide('ingest audited', { ...USUAL, population, audits }), (side) => side.close());
    const audited = await open(AUDITS);
    const alone = await open(0);
    const of = (n: number): string => rounds[n] ?? '';
    return { a: (round) => audited.round(of(round)), b: (round) => alone.round(of(round)) };
  },
);

/** How fast the victims of a breach are parted from their neighbours, against looking at each instance once. */
export const slaToScan = audited('audit.sla/scan', 'sla');

/** How fast it is planned how a host of a large cloud is emptied, against looking at each instance once. */
export const maintenanceToScan = audited('audit.maintenance/scan', 'host_maintenance');

function audited(name: `${string}/scan`, strategy: 'sla' | 'host_maintenance') {
  return compared({ name, unit: '1/s', required: 0.2 }, async (hold) => {
    const audit = await hold(startSide('audit', { ...LARGE, strategy }), (side) => side.close());
    const scan = await hold(startSide('scan', LARGE), (side) => side.close());
    return { a: () => audit.round(''), b: () => scan.round('') };
  });
}
