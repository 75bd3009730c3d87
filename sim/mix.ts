import { SECOND } from './clock/time.ts';
import type { Cloud } from './cloud.ts';
import { CLOUD_OPERATIONS } from './mix/cloud-operations.ts';
import { INSTANCE_MIX } from './mix/instance-operations.ts';

const MIX = [...INSTANCE_MIX, ...CLOUD_OPERATIONS];

/** Draws until something can begin, at most so often. */
const TRIES = 8;

const TOTAL = MIX.reduce((sum, entry) => sum + entry.weight, 0);

function beginOne(cloud: Cloud): boolean {
  let draw = cloud.random.float() * TOTAL;
  for (const entry of MIX) {
    draw -= entry.weight;
    if (draw < 0) return entry.begin(cloud);
  }
  return false;
}

/** Lets the cloud live: begins operations at random times until the returned function is called. */
export function live(cloud: Cloud): () => void {
  let living = cloud.options.operationsPerSecond > 0;
  const plan = (): void => {
    const wait = cloud.random.exponential(SECOND / cloud.options.operationsPerSecond);
    cloud.at(cloud.now + Math.ceil(wait), () => {
      if (!living) return;
      for (let i = 0; i < TRIES && !beginOne(cloud); i++);
      plan();
    });
  };
  if (living) plan();
  return () => {
    living = false;
  };
}
