import type { View } from '../../model/view.ts';
import { cloudModel, type Scale } from '../cloud-model.ts';
import { collectGarbage, rateOf, type Side } from './side.ts';

/** One pass takes a few milliseconds: too little to be timed. */
const TIMES = 20;

/** The least that has to be done to know something of all instances of a cloud. Rounds give passes a second. */
export async function scanSide(scale: Scale): Promise<Side> {
  const model = cloudModel(scale);
  return {
    round: async () => {
      await collectGarbage();
      return rateOf(TIMES, () => {
        if (placedIn(model.fork()) !== scale.instances) throw new Error('not every instance was looked at');
      });
    },
    close: async () => undefined,
  };
}

function placedIn(view: View): number {
  let placed = 0;
  for (const { place } of view.instances()) if (place !== null && place.host !== null) placed += 1;
  return placed;
}
