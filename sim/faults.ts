import { SECOND } from './clock/time.ts';
import { Random } from './random.ts';

/** What befalls messages on their way. All chances are in [0, 1]; nothing happens by default. */
export interface Faults {
  readonly seed: number;
  /** A message may be overtaken by up to so many that were sent after it. */
  readonly reorder?: number;
  /** Chance that a message comes twice. */
  readonly duplicate?: number;
  /** Chance that it does not come at all. */
  readonly drop?: number;
}

/**
 * Puts messages through a bad network: drops some, repeats some, and shuffles them within a window. What is dropped is
 * told to `dropped`. The same seed gives the same misfortunes.
 */
export function* withFaults<T>(
  messages: Iterable<T>,
  faults: Faults,
  dropped: (message: T) => void = () => {},
): Generator<T, void, void> {
  const random = new Random(faults.seed);
  const window: T[] = [];
  const size = 1 + (faults.reorder ?? 0);
  for (const message of messages) {
    if (random.chance(faults.drop ?? 0)) {
      dropped(message);
      continue;
    }
    window.push(message);
    if (random.chance(faults.duplicate ?? 0)) window.push(message);
    while (window.length >= size) yield takeAny(window, random);
  }
  while (window.length > 0) yield takeAny(window, random);
}

function takeAny<T>(window: T[], random: Random): T {
  const place = random.int(window.length);
  const message = window[place];
  const last = window.pop();
  if (message === undefined || last === undefined) throw new RangeError('the window is empty');
  if (place < window.length) window[place] = last;
  return message;
}

/** Clocks of compute hosts that are off by up to so many seconds either way, each by its own; controllers are right. */
export function computeSkew(seed: number, seconds: number): (sender: string) => number {
  const skews = new Map<string, number>();
  const random = new Random(seed);
  return (sender) => {
    if (sender.startsWith('controller')) return 0;
    let skew = skews.get(sender);
    if (skew === undefined) {
      skew = Math.round((random.float() * 2 - 1) * seconds * SECOND);
      skews.set(sender, skew);
    }
    return skew;
  };
}
