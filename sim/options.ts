import type { Wire } from './wire/context.ts';

/** How the simulated cloud is made and lives. */
export interface CloudOptions {
  /** The same seed and options give the same cloud, the same life and the same messages. */
  readonly seed: number;
  readonly hosts: number;
  /** How many instances it has at the start, and about which number boots and deletes keep it. */
  readonly instances: number;
  /**
   * Where virtual time starts, in milliseconds since 1970. For a cloud that runs in real time: `Date.now()`; a time ahead
   * of the receiver's is taken for a broken clock.
   */
  readonly start: number;
  /** nova's `[notifications] notify_on_state_change`; `none` (nova's default) sends no `instance.update` but for tags. */
  readonly stateChange: 'vm_and_task_state' | 'none';
  /** nova's `[notifications] bdms_in_notifications`; without it most notifications have `block_devices: null`. */
  readonly blockDevices: boolean;
  /** How many machines run nova's API and conductor. */
  readonly controllers: number;
  /**
   * Operations of its own that the cloud begins in a second of virtual time, each some eight messages; 0: only what is
   * asked over REST. Default: one for every 200 instances, at least one.
   */
  readonly operationsPerSecond: number;
  /** The share of migrations, resizes and boots that go wrong, in [0, 1]. */
  readonly failures: number;
  /** Every so many seconds an instance gets so loud that its neighbours suffer; 0: none does. */
  readonly noisyEvery: number;
  /** Which envelope `generate` and the in-process source give. */
  readonly wire: Wire;
}

/** The default cloud: small, lively, of a fixed seed and a fixed first day. */
export const DEFAULTS: Omit<CloudOptions, 'operationsPerSecond'> = {
  seed: 1,
  hosts: 20,
  instances: 200,
  start: Date.UTC(2026, 10, 23),
  stateChange: 'vm_and_task_state',
  blockDevices: false,
  controllers: 3,
  failures: 0.02,
  noisyEvery: 0,
  wire: 'rabbit',
};

const INSTANCES_PER_OPERATION = 200;

const LIMITS: readonly (readonly [key: keyof CloudOptions, min: number, max: number, whole: boolean])[] = [
  ['seed', 0, Number.MAX_SAFE_INTEGER, true],
  ['hosts', 1, 100_000, true],
  ['instances', 0, 5_000_000, true],
  ['start', 0, 4_102_444_800_000, true],
  ['controllers', 1, 99, true],
  ['operationsPerSecond', 0, 1_000_000, false],
  ['failures', 0, 1, false],
  ['noisyEvery', 0, 86_400, false],
];

/** Fills in the defaults. @throws RangeError that names the option that is wrong and what it may be. */
export function completeOptions(given: Partial<CloudOptions>): CloudOptions {
  const { instances } = { ...DEFAULTS, ...given };
  const options = { ...DEFAULTS, operationsPerSecond: Math.max(1, instances / INSTANCES_PER_OPERATION), ...given };
  for (const [key, min, max, whole] of LIMITS) {
    const value = options[key];
    if (typeof value !== 'number' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
      const kind = whole ? 'a whole number' : 'a number';
      throw new RangeError(`simulated cloud: ${key} is ${String(value)}; it must be ${kind} from ${min} to ${max}`);
    }
  }
  return options;
}
