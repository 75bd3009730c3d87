import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where an instance really was at the end, by nova's own database or API; a missing field was not looked at. */
export interface Truth {
  readonly deleted: boolean;
  readonly host?: string | null;
  readonly node?: string | null;
  readonly state?: string | null;
  readonly task_state?: string | null;
}

/** Messages of one scenario of a real nova, with what they must end in. */
export interface Scenario {
  readonly name: string;
  readonly bodies: readonly Buffer[];
  readonly truth: ReadonlyMap<string, Truth>;
}

const DATA = join(import.meta.dirname, '../data');

/** nova's functional tests. Their sample tests share one uuid, so they can be mixed only once each ({@link mixable}). */
export function traces(): Scenario[] {
  const folder = join(DATA, 'traces');
  return names(folder, '.jsonl').map((name) => {
    const file = JSON.parse(readFileSync(join(folder, `${name}.truth.json`), 'utf8')) as {
      instances: Record<string, { deleted: boolean; host: string; node: string; state: string; task_state: string }>;
    };
    const truth = Object.entries(file.instances).map(
      ([uuid, one]) => [uuid, one.deleted ? { deleted: true } : { ...one, deleted: false }] as const,
    );
    return {
      name,
      bodies: lines(join(folder, `${name}.jsonl`)).map((line) => Buffer.from(line)),
      truth: new Map(truth),
    };
  });
}

/** A running nova, over RabbitMQ and over Kafka, and over RabbitMQ as `vigil record` wrote it. */
export function recordings(): Scenario[] {
  return ['recordings', 'recordings/kafka', 'recordings/vigil'].flatMap((path) => {
    const folder = join(DATA, path);
    return names(folder, '.jsonl')
      .filter((name) => !name.endsWith('.ops'))
      .map((name) => recording(folder, name));
  });
}

/** Those of the scenarios whose instances no earlier one has. */
export function mixable(scenarios: readonly Scenario[]): Scenario[] {
  const seen = new Set<string>();
  return scenarios.filter(({ truth }) => {
    if ([...truth.keys()].some((uuid) => seen.has(uuid))) return false;
    for (const uuid of truth.keys()) seen.add(uuid);
    return true;
  });
}

function recording(folder: string, name: string): Scenario {
  const bodies = lines(join(folder, `${name}.jsonl`))
    .map((line) => (JSON.parse(line) as { body?: string }).body)
    .filter((body) => body !== undefined)
    .map((body) => Buffer.from(body));
  const truth = new Map<string, Truth>();
  for (const line of names(folder, '.ops.jsonl').includes(name) ? lines(join(folder, `${name}.ops.jsonl`)) : []) {
    const op = JSON.parse(line) as Record<string, string | null | boolean>;
    if (op.op !== 'truth') continue;
    const text = (field: string): string | null => (op[field] as string | null | undefined) ?? null;
    const alive = {
      deleted: false,
      host: text('host'),
      node: text('node'),
      state: text('vm_state'),
      task_state: text('task_state'),
    };
    truth.set(op.server as string, op.gone === true ? { deleted: true } : alive);
  }
  const named = new Set(bodies.map((body) => /\\"uuid\\": \\"([0-9a-f-]{36})/.exec(body.toString())?.[1]));
  for (const uuid of truth.keys()) if (!named.has(uuid)) truth.delete(uuid);
  return { name: relative(join(DATA, 'recordings'), join(folder, name)), bodies, truth };
}

function names(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
