import { randomUUID } from 'node:crypto';
import type { Strategy } from '../../strategies/strategy.ts';
import type { AutomationLevel } from '../../streams/sla/rule.ts';
import { VigilError } from '../errors.ts';
import {
  AUDIT_TYPES,
  type Audit,
  type AuditType,
  type BreachTrigger,
  type Parameters,
  type ScopeSpec,
} from './audit.ts';
import type { AuditTemplate } from './audit-template.ts';
import type { Book } from './book.ts';
import { goalNamed, strategyNamed } from './catalogue.ts';
import type { Changes } from './changes.ts';
import { withDefaults } from './parameters.ts';
import { type Actor, moved } from './record.ts';
import { checkInterval } from './schedule.ts';
import { checkedScope } from './scope/check.ts';
import { AUDIT_TRANSITIONS, type AuditState } from './states.ts';

/** What a new audit is made of; what is left out is taken from the template, or is as in {@link Audit} when nothing is said. */
export interface NewAudit {
  readonly auditType: AuditType;
  readonly name?: string | null;
  /** Either a goal, or a template by name or uuid. */
  readonly goal?: string | null;
  readonly template?: string | null;
  readonly strategy?: string | null;
  readonly parameters?: Parameters;
  readonly scope?: ScopeSpec;
  readonly interval?: string | null;
  readonly startTime?: number | null;
  readonly endTime?: number | null;
  readonly automation?: AutomationLevel;
  readonly force?: boolean;
  readonly trigger?: BreachTrigger | null;
}

/** What can be changed of an audit. */
export type AuditChange = Partial<
  Pick<
    Audit,
    | 'name'
    | 'goal'
    | 'strategy'
    | 'parameters'
    | 'scope'
    | 'interval'
    | 'startTime'
    | 'endTime'
    | 'automation'
    | 'force'
  >
> & { readonly state?: AuditState; readonly reason?: string };

/** Longer names are cut, as Watcher does. */
const MAX_NAME = 63;
const MICROS = 1_000;
/** From where an audit may be deleted. */
const DELETABLE = (Object.keys(AUDIT_TRANSITIONS) as AuditState[]).filter((state) =>
  AUDIT_TRANSITIONS[state].includes('DELETED'),
);
const CALLABLE: readonly AuditState[] = ['PENDING', 'SUCCEEDED'];

/** What clients may do with audits, whichever door they come by. Reading is done in the book. */
export class AuditService {
  readonly #book: Book;
  readonly #now: () => number;

  constructor(book: Book, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  /**
   * The audit of a uuid, a name or a number.
   *
   * @throws VigilError `audit-not-found`
   */
  find(id: string): Audit {
    const { audits } = this.#book;
    const audit = audits.get(id) ?? audits.byName(id) ?? (/^\d{1,15}$/.test(id) ? audits.byId(Number(id)) : undefined);
    if (audit === undefined || audit.deletedAt !== null) throw new VigilError('audit-not-found', { id });
    return audit;
  }

  /** @throws VigilError when something of it is not valid, names nothing, or its name is taken */
  async create(request: NewAudit, by: Actor): Promise<Audit> {
    const uuid = randomUUID();
    await this.#book.change((changes) => this.draft(changes, uuid, request, by));
    return this.find(uuid);
  }

  /** Puts a new audit into a transaction. */
  draft(changes: Changes, uuid: string, request: NewAudit, by: Actor): void {
    const at = this.#now();
    const template = this.#template(request);
    const goal = goalNamed(template?.goal ?? request.goal ?? '').name;
    const strategyName = request.strategy ?? template?.strategy ?? null;
    const strategy = strategyName === null ? null : strategyNamed(strategyName);
    const given = { ...template?.defaultParameters, ...request.parameters };
    const name = request.name ?? this.#defaultName(strategyName ?? template?.name ?? goal, at);
    const audit: Audit = {
      id: changes.number('audit'),
      uuid,
      name: this.#freeName(name.slice(0, MAX_NAME), uuid),
      auditType: request.auditType,
      state: 'PENDING',
      statusMessage: null,
      goal,
      strategy: strategy?.name ?? null,
      parameters: parametersFor(strategy, given),
      scope: checkedScope(request.scope ?? template?.scope ?? []),
      interval: request.interval ?? null,
      startTime: request.startTime ?? null,
      endTime: request.endTime ?? null,
      nextRunTime: null,
      lastRunTime: null,
      calledAt: null,
      automation: request.automation ?? 'manual',
      force: request.force ?? false,
      hostname: null,
      createdBy: by,
      trigger: request.trigger ?? null,
      history: [{ from: null, to: 'PENDING', at, reason: 'created', by }],
      createdAt: at,
      updatedAt: null,
      deletedAt: null,
    };
    check(audit);
    checkOneshot(audit);
    changes.put('audit', audit);
  }

  /** @throws VigilError when it cannot be changed so */
  async update(uuid: string, change: AuditChange, by: Actor): Promise<Audit> {
    await this.#book.change((changes) => {
      const audit = this.find(uuid);
      const { state, reason, ...fields } = change;
      const at = this.#now();
      let next: Audit = { ...audit, ...fields, updatedAt: at };
      if (fields.name !== undefined) next = { ...next, name: this.#freeName(fields.name.slice(0, MAX_NAME), uuid) };
      if (fields.parameters !== undefined || fields.strategy !== undefined) {
        const strategy = next.strategy === null ? null : strategyNamed(next.strategy);
        next = { ...next, parameters: parametersFor(strategy, next.parameters) };
      }
      if (fields.scope !== undefined) next = { ...next, scope: checkedScope(fields.scope) };
      // The next run is worked out anew.
      if (fields.interval !== undefined || fields.startTime !== undefined) {
        next = { ...next, nextRunTime: null };
      }
      check(next);
      if (state !== undefined && state !== audit.state) {
        refuseTransition(audit, state);
        next = moved(next, state, { reason: reason ?? `asked for by ${by.name}`, by, at });
      }
      changes.put('audit', next);
    });
    return this.find(uuid);
  }

  /**
   * Calls for a run of an EVENT audit.
   *
   * @throws VigilError when it is of another type, or not waiting
   */
  async call(uuid: string): Promise<Audit> {
    await this.#book.change((changes) => {
      const audit = this.find(uuid);
      if (audit.auditType !== 'EVENT') {
        throw new VigilError('audit-invalid', {
          field: 'audit_type',
          problem: `${audit.auditType} cannot be called for`,
        });
      }
      refuseState(audit, CALLABLE, 'called for');
      // After the last run also when that was in the same millisecond.
      changes.put('audit', { ...audit, calledAt: Math.max(this.#now(), (audit.lastRunTime ?? 0) + 1) });
    });
    return this.find(uuid);
  }

  /** @throws VigilError while it is running or waiting to run */
  async delete(uuid: string, by: Actor): Promise<void> {
    await this.#book.change((changes) => {
      const audit = this.find(uuid);
      refuseState(audit, DELETABLE, 'deleted');
      const at = this.#now();
      changes.put('audit', { ...moved(audit, 'DELETED', { reason: 'deleted', by, at }), deletedAt: at });
    });
  }

  #template({ goal = null, template = null }: NewAudit): AuditTemplate | null {
    if ((goal === null) === (template === null)) {
      throw new VigilError('audit-invalid', { field: 'goal', problem: 'give either a goal or an audit template' });
    }
    if (template === null) return null;
    const found = this.#book.templates.get(template) ?? this.#book.templates.byName(template);
    if (found === undefined || found.deletedAt !== null) {
      throw new VigilError('audit-template-not-found', { id: template });
    }
    return found;
  }

  /** After what it is of and when: two of the same millisecond differ in the microsecond. */
  #defaultName(of: string, at: number): string {
    for (let micros = 0; ; micros++) {
      const name = `${of}-${isoMicros(at, micros)}`.slice(0, MAX_NAME);
      if (micros === MICROS - 1 || this.#book.audits.byName(name) === undefined) return name;
    }
  }

  #freeName(name: string, uuid: string): string {
    const other = this.#book.audits.byName(name);
    if (other !== undefined && other.uuid !== uuid) throw new VigilError('name-taken', { kind: 'an audit', name });
    return name;
  }
}

function parametersFor(strategy: Strategy | null, given: Parameters): Parameters {
  if (strategy !== null) return withDefaults(strategy, given);
  const [first] = Object.keys(given).filter((name) => name !== 'force_refresh');
  if (first !== undefined) {
    throw new VigilError('audit-invalid', {
      field: `parameters.${first}`,
      problem: 'there is no strategy to give it to',
    });
  }
  return given;
}

/** What holds whatever the type is made of, and what each type must and must not have. */
function check(audit: Audit): void {
  const refuse = (field: string, problem: string): never => {
    throw new VigilError('audit-invalid', { field, problem });
  };
  const { auditType, interval, startTime, endTime, goal, strategy } = audit;
  if (!AUDIT_TYPES.includes(auditType)) refuse('audit_type', `${auditType} is none of ${AUDIT_TYPES.join(', ')}`);
  if (strategy !== null && strategyNamed(strategy).goal !== goalNamed(goal).name) {
    refuse('strategy', `${strategy} serves the goal ${strategyNamed(strategy).goal}, not ${goal}`);
  }
  if (auditType === 'CONTINUOUS' && interval === null) refuse('interval', 'a CONTINUOUS audit must have one');
  if (startTime !== null && endTime !== null && endTime <= startTime) refuse('end_time', 'it lies before start_time');
  if (interval !== null) checkInterval(interval);
}

/** Only of a new one: clients set an interval of old ones too, where it means nothing. */
function checkOneshot({ auditType, interval, startTime, endTime }: Audit): void {
  if (auditType !== 'ONESHOT') return;
  const given = { interval, start_time: startTime, end_time: endTime };
  const field = Object.entries(given).find(([, value]) => value !== null)?.[0];
  if (field !== undefined) throw new VigilError('audit-invalid', { field, problem: 'a ONESHOT audit has none' });
}

function refuseTransition(audit: Audit, to: AuditState): void {
  const possible = AUDIT_TRANSITIONS[audit.state];
  if (possible.includes(to)) return;
  const { state: from, uuid: id } = audit;
  throw new VigilError('state-transition', { kind: 'Audit', id, from, to, possible: possible.join(', ') || 'none' });
}

function refuseState(audit: Audit, allowed: readonly AuditState[], done: string): void {
  if (allowed.includes(audit.state)) return;
  const { state, uuid: id } = audit;
  throw new VigilError('wrong-state', { kind: 'Audit', id, done, state, possible: allowed.join(', ') });
}

/** A time as names show it: to the microsecond, without zone. */
function isoMicros(millis: number, micros: number): string {
  return new Date(millis).toISOString().replace('Z', String(micros).padStart(3, '0'));
}
