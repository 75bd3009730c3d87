import { startSide } from '../sides/remote.ts';
import { compared, LARGE } from './benchmark.ts';

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
