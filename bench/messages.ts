import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSimulatedCloud, type SimulatedCloud } from '../sim/index.ts';
import { type Emission, encode } from '../sim/wire/envelope.ts';

/** How large a cloud is and in whose envelopes it speaks. */
export interface Scale {
  readonly hosts: number;
  readonly instances: number;
  readonly wire: 'rabbit' | 'kafka';
}

/** Messages on disk, so that both sides read the very same and neither has a simulator in its heap. */
export interface Messages {
  readonly folder: string;
  /** A file of one `instance.create.end` for each instance that is there before the first round. */
  readonly population: string;
  /** The file of each round. */
  readonly rounds: readonly string[];
  remove(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/**
 * Operations begin so fast, in a cloud of any size, that a batch has two of one instance but by chance: messages are spread
 * over all, and what comes together of one operation is the same whatever the cloud they are measured in.
 */
const OPERATIONS_PER_SECOND = 1_000;
/** Until as many operations end as begin: the messages of a cloud that was at rest are those of beginnings alone. */
const WARM_UP_SECONDS = 10;
const NEWLINE = 0x0a;

/** Writes the simulator's default mix: the population, then so many rounds of so many messages. */
export async function writeMessages(scale: Scale, rounds: number, perRound: number): Promise<Messages> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  const simulated = simulate(scale);
  const population = join(folder, 'population');
  await writePopulation(population, simulated);
  simulated.advance(WARM_UP_SECONDS);
  const files: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const file = join(folder, `round-${round}`);
    await writeLines(file, simulated.generate(perRound));
    files.push(file);
  }
  return { folder, population, rounds: files, remove: () => rm(folder, { recursive: true }) };
}

/** A cloud that lives in the simulator's default mix. */
export function simulate({ hosts, instances, wire }: Scale): SimulatedCloud {
  const start = Date.now() - HOUR_MS;
  return createSimulatedCloud({ hosts, instances, operationsPerSecond: OPERATIONS_PER_SECOND, wire, start });
}

/** Writes one `instance.create.end` for each instance that is there. */
export function writePopulation(file: string, simulated: SimulatedCloud): Promise<void> {
  return writeLines(file, announceAll(simulated, simulated.options.wire));
}

/** The bodies of a file, as slices of one buffer: 20,000 buffers of their own would be a load on the garbage collector. */
export function readMessages(file: string): Buffer[] {
  const bytes = readFileSync(file);
  const bodies: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    bodies.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return bodies;
}

/** What nova would have said of every instance that is there, had anybody listened. */
function* announceAll(simulated: SimulatedCloud, wire: Scale['wire']): Generator<Buffer> {
  const { cloud } = simulated;
  let said: Emission[] = [];
  simulated.onEmission((emission) => said.push(emission));
  for (const instance of cloud.instances.all()) {
    const row = cloud.read(instance);
    cloud.notify(cloud.request(row.actor), 'create.end', row.host ?? '', row);
    for (const emission of said) yield encode(emission, wire);
    said = [];
  }
}

/** Writes bodies to a file, one a line. */
export async function writeLines(file: string, bodies: Iterable<Buffer>): Promise<void> {
  const lines = function* (): Generator<Buffer> {
    for (const body of bodies) yield Buffer.concat([body, Buffer.of(NEWLINE)]);
  };
  await pipeline(Readable.from(lines(), { highWaterMark: 64 }), createWriteStream(file));
}
