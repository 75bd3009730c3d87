import { ObjectiveRecord } from './objective.ts';
import type { Rule, ScopeKind } from './rule.ts';
import type { SeriesStanding } from './rule-states.ts';
import type { ScopeView } from './scope.ts';

const SECONDS_PER_HOUR = 3_600;

/** Room for so many scopes, over all rules. */
export class ScopeRoom {
  readonly limit: number;
  count = 0;
  /** Times a step found no room for a scope. */
  refused = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  take(): boolean {
    const free = this.count < this.limit;
    if (free) this.count += 1;
    else this.refused += 1;
    return free;
  }
}

/** One scope of a rule: an aggregate, a host, an instance. */
export interface CountedScope {
  readonly per: ScopeKind;
  readonly scope: string;
  readonly record: ObjectiveRecord;
}

/** The objective of one rule, counted apart for each scope, as far as there is room. */
export class ScopeObjectives {
  readonly #rule: Rule;
  readonly #room: ScopeRoom;
  readonly #view: ScopeView;
  readonly #scopes = new Map<string, CountedScope>();

  constructor(rule: Rule, room: ScopeRoom, view: ScopeView) {
    this.#rule = rule;
    this.#room = room;
    this.#view = view;
  }

  all(): Iterable<CountedScope> {
    return this.#scopes.values();
  }

  /** Counts a step that stands for so many seconds: pending and breached are bad, ok is good, unknown is neither. */
  count(series: Iterable<{ readonly resource: string } & SeriesStanding>, time: number, seconds: number): void {
    const { objective } = this.#rule;
    for (const { resource, state } of series) {
      if (state === 'unknown') continue;
      const good = state === 'ok' ? 1 : 0;
      for (const per of objective?.per ?? []) {
        for (const scope of this.#namesOf(per, resource)) {
          this.#of(per, scope)?.record.count(time, seconds, good, 1 - good);
        }
      }
    }
  }

  /** Takes over what was kept of a scope, an hour at a time, the oldest first. */
  restore(per: ScopeKind, scope: string, hour: number, good: number, bad: number): void {
    if (this.#rule.objective?.per.includes(per) !== true) return;
    this.#of(per, scope)?.record.add(hour, good, bad);
  }

  /** Lets go the scopes of which nothing was counted for as long as the objective reaches back. */
  sweep(time: number): void {
    const oldest = (time - (this.#rule.objective?.period ?? 0)) / SECONDS_PER_HOUR;
    for (const [key, { record }] of this.#scopes) {
      if ((record.last ?? Number.NEGATIVE_INFINITY) < oldest && this.#scopes.delete(key)) this.#room.count -= 1;
    }
  }

  /** The rule is no more. */
  clear(): void {
    this.#room.count -= this.#scopes.size;
    this.#scopes.clear();
  }

  #of(per: ScopeKind, scope: string): CountedScope | undefined {
    const key = `${per}/${scope}`;
    const known = this.#scopes.get(key);
    const { objective } = this.#rule;
    if (known !== undefined || objective === null || !this.#room.take()) return known;
    const counted = { per, scope, record: new ObjectiveRecord(objective) };
    this.#scopes.set(key, counted);
    return counted;
  }

  #namesOf(per: ScopeKind, resource: string): readonly string[] {
    if (per === 'resource') return [resource];
    const host = this.#rule.of === 'host' ? resource : (this.#view.instance(resource)?.place?.host ?? null);
    if (host === null) return [];
    if (per === 'host') return [host];
    return [...this.#view.aggregatesOf(host)].map(({ uuid, name }) => name ?? uuid);
  }
}
