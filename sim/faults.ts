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

/** A bad network: what goes in comes out later, twice, or not at all. */
export interface BadNetwork<T> {
  push(message: T): void;
  /** Lets everything out that is still on its way. */
  end(): void;
}

/**
 * Puts messages through a bad network: drops some, repeats some, and shuffles them within a window. What is dropped is
 * told to `dropped`. The same seed gives the same misfortunes.
 */
export function badNetwork<T>(
  faults: Faults,
  deliver: (message: T) => void,
  dropped: (message: T) => void = () => {},
): BadNetwork<T> {
  const random = new Random(faults.seed);
  const window: T[] = [];
  const size = 1 + (faults.reorder ?? 0);
  return {
    push(message) {
      if (random.chance(faults.drop ?? 0)) {
        dropped(message);
        return;
      }
      window.push(message);
      if (random.chance(faults.duplicate ?? 0)) window.push(message);
      while (window.length >= size) deliver(takeAny(window, random));
    },
    end() {
      while (window.length > 0) deliver(takeAny(window, random));
    },
  };
}

/** The same for messages that are pulled. */
export function* withFaults<T>(
  messages: Iterable<T>,
  faults: Faults,
  dropped?: (message: T) => void,
): Generator<T, void, void> {
  const out: T[] = [];
  const network = badNetwork<T>(faults, (message) => out.push(message), dropped);
  for (const message of messages) {
    network.push(message);
    yield* out.splice(0);
  }
  network.end();
  yield* out;
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
