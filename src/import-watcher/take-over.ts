import { AUDIT_TEMPLATES, AUDITS, STRATEGIES } from '../client/collections.ts';
import type { Fields } from '../client/fields.ts';
import type { Optimizer } from '../client/optimizer.ts';
import { type ParameterSchema, parameterProblems } from '../client/parameters.ts';
import type { Outcome } from './outcome.ts';

/** What is to be taken over from another Watcher, and how. */
export interface TakeOverOptions {
  /** Whether audits that carry out their plans by themselves do so here too: never while the other one still does. */
  readonly autoTrigger: boolean;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** States in which an audit will run again. */
const WAITING: Readonly<Record<string, readonly string[]>> = {
  CONTINUOUS: ['PENDING', 'ONGOING'],
  EVENT: ['PENDING', 'ONGOING', 'SUCCEEDED'],
};

/** Takes over the templates, then the audits that run again and again or wait for events, under the names they have. */
export async function takeOver(
  from: Pick<Optimizer, 'list'>,
  to: Optimizer,
  options: TakeOverOptions,
): Promise<Outcome[]> {
  const strategies = new Map((await to.list(STRATEGIES.path)).map((strategy) => [String(strategy.name), strategy]));
  const outcomes: Outcome[] = [];
  for (const { collection, kind, read } of KINDS) {
    const here = new Set((await to.list(collection)).map(({ name }) => name));
    for (const item of await from.list(collection)) {
      const name = String(item.name);
      if (here.has(item.name)) {
        outcomes.push({ kind, name, result: 'there already', detail: 'a thing of this name is here; left as it is' });
        continue;
      }
      const plan = read(item, strategies, options);
      if (plan === null) continue;
      outcomes.push({ kind, name, ...(await carryOut(plan, to, collection, options.dryRun)) });
    }
  }
  return outcomes;
}

/** What to create, and what is to be told of it; or only why nothing is. */
type Plan =
  | { readonly body: Fields; readonly scope: readonly unknown[]; readonly notes: readonly string[] }
  | { readonly refused: string };

interface Kind {
  readonly kind: 'template' | 'audit';
  readonly collection: string;
  /** Null for what has ended and is of no interest. */
  readonly read: (item: Fields, strategies: ReadonlyMap<string, Fields>, options: TakeOverOptions) => Plan | null;
}

const KINDS: readonly Kind[] = [
  { kind: 'template', collection: AUDIT_TEMPLATES.path, read: readTemplate },
  { kind: 'audit', collection: AUDITS.path, read: readAudit },
];

function readTemplate(item: Fields, strategies: ReadonlyMap<string, Fields>): Plan {
  const { name, description, scope, default_parameters: parameters } = item;
  const aim = readAim(item, strategies, (parameters ?? {}) as Fields);
  if ('refused' in aim) return aim;
  const { goal, strategy, parameters: kept, notes } = aim;
  const body = {
    name,
    goal,
    ...(strategy === null ? {} : { strategy }),
    ...(description == null ? {} : { description }),
    ...(Object.keys(kept).length === 0 ? {} : { default_parameters: kept }),
    scope,
  };
  return { body, scope: [], notes };
}

function readAudit(item: Fields, strategies: ReadonlyMap<string, Fields>, options: TakeOverOptions): Plan | null {
  const { name, audit_type: type, state, interval, parameters, scope, force } = item;
  if (type === 'CONTINUOUS' && state === 'SUSPENDED')
    return { refused: 'it is suspended: resume it there and import again, or make it anew here' };
  if (WAITING[String(type)]?.includes(String(state)) !== true) return null;
  const start = momentOf(item.start_time);
  const end = momentOf(item.end_time);
  if (end !== null && end <= options.now) return null;
  const aim = readAim(item, strategies, (parameters ?? {}) as Fields);
  if ('refused' in aim) return aim;
  const { goal, strategy, parameters: kept, notes } = aim;
  const acts = item.auto_trigger === true;
  const body = {
    name,
    audit_type: type,
    goal,
    ...(strategy === null ? {} : { strategy, parameters: kept }),
    ...(interval == null ? {} : { interval }),
    ...(start !== null && start > options.now ? { start_time: new Date(start).toISOString() } : {}),
    ...(end === null ? {} : { end_time: new Date(end).toISOString() }),
    ...(force === true ? { force } : {}),
    auto_trigger: acts && options.autoTrigger,
  };
  const withheld =
    acts && !options.autoTrigger
      ? ['it only proposes here: stop the other Watcher, then set auto_trigger, or import with --auto-trigger']
      : [];
  return { body, scope: (scope ?? []) as unknown[], notes: [...notes, ...withheld] };
}

type Aim =
  | { readonly goal: string; readonly strategy: string | null; readonly parameters: Fields; readonly notes: string[] }
  | { readonly refused: string };

/** Goal, strategy and parameters by the names they have in both; parameters that the strategy does not have here are left out. */
function readAim(item: Fields, strategies: ReadonlyMap<string, Fields>, parameters: Fields): Aim {
  const goal = String(item.goal_name);
  const goals = new Set([...strategies.values()].map(({ goal_name: name }) => name));
  if (!goals.has(goal)) return { refused: `there is no goal ${goal} here` };
  if (item.strategy_name == null) return { goal, strategy: null, parameters: {}, notes: [] };
  const strategy = String(item.strategy_name);
  const schema = strategies.get(strategy)?.parameters_spec as ParameterSchema | undefined;
  if (schema === undefined) return { refused: `there is no strategy ${strategy} here` };
  const known = Object.entries(parameters).filter(([name]) => schema.properties?.[name] !== undefined);
  const kept = Object.fromEntries(known);
  const problems = parameterProblems(kept, { ...schema, required: [] });
  if (problems.length > 0) return { refused: `its parameters do not fit: ${problems.join('; ')}` };
  const left = Object.keys(parameters).filter((name) => !(name in kept));
  const notes = left.length === 0 ? [] : [`left out, as ${strategy} does not have them here: ${left.join(', ')}`];
  return { goal, strategy, parameters: kept, notes };
}

async function carryOut(
  plan: Plan,
  to: Optimizer,
  collection: string,
  dryRun: boolean,
): Promise<Pick<Outcome, 'result' | 'detail'>> {
  if ('refused' in plan) return { result: 'not taken', detail: plan.refused };
  try {
    if (!dryRun) await create(plan, to, collection);
  } catch (error) {
    return { result: 'not taken', detail: (error as Error).message };
  }
  const aim = [plan.body.goal, plan.body.strategy].filter(Boolean).join(', ');
  return { result: plan.notes.length === 0 ? 'taken' : 'mapped', detail: [aim, ...plan.notes].join('; ') };
}

/**
 * An audit is given its scope by a template only, and must not run without it for a moment: so there is one for as long as
 * it takes.
 */
async function create({ body, scope }: Exclude<Plan, { refused: string }>, to: Optimizer, collection: string) {
  if (scope.length === 0) {
    await to.create(collection, body);
    return;
  }
  const { goal, strategy, ...audit } = body;
  const name = `import-${String(body.name)}`.slice(0, 63);
  const template = await to.create(AUDIT_TEMPLATES.path, { name, goal, strategy, scope });
  try {
    await to.create(collection, { ...audit, audit_template_uuid: template.uuid });
  } finally {
    await to.delete(AUDIT_TEMPLATES.path, String(template.uuid));
  }
}

/** A time of the API, which is UTC without saying so. */
function momentOf(time: unknown): number | null {
  if (typeof time !== 'string') return null;
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`);
}
