import { uniformAirflow } from '../airflow/uniform-airflow.ts';
import { storageCapacityBalance } from '../balancing/storage-capacity-balance.ts';
import { workloadBalance } from '../balancing/workload-balance.ts';
import { workloadStabilization } from '../balancing/workload-stabilization.ts';
import { basic } from '../consolidation/basic.ts';
import { nodeResourceConsolidation } from '../consolidation/node-resource-consolidation.ts';
import { vmWorkloadConsolidation } from '../consolidation/vm-workload-consolidation.ts';
import { dummy } from '../dummy/dummy.ts';
import { dummyWithResize } from '../dummy/dummy-with-resize.ts';
import { dummyWithScorer } from '../dummy/dummy-with-scorer.ts';
import { savingEnergy } from '../energy/saving-energy.ts';
import { zoneMigration } from '../hardware/zone-migration.ts';
import { hostMaintenance } from '../maintenance/host-maintenance.ts';
import { noisyNeighbor } from '../noisy-neighbor/noisy-neighbor.ts';
import { refresh } from '../refresh/refresh.ts';
import { sla } from '../sla/sla.ts';
import type { Strategy } from '../strategy.ts';
import { outletTemperature } from '../thermal/outlet-temperature.ts';
import { actuator } from '../unclassified/actuator.ts';

/** Watcher's strategies, under its names and with its parameters, then Vigil's own. Clients see them in this order. */
export const STRATEGIES: readonly Strategy[] = [
  actuator,
  basic,
  dummy,
  dummyWithResize,
  dummyWithScorer,
  hostMaintenance,
  nodeResourceConsolidation,
  noisyNeighbor,
  outletTemperature,
  savingEnergy,
  storageCapacityBalance,
  uniformAirflow,
  vmWorkloadConsolidation,
  workloadBalance,
  workloadStabilization,
  zoneMigration,
  sla,
  refresh,
];
