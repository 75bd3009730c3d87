import type { Aggregate, Host } from './types.ts';

/** The zone of a host that no aggregate puts into one (nova's default_availability_zone). */
export const DEFAULT_ZONE = 'nova';

const NONE: readonly Aggregate[] = [];

/** All host aggregates, and which of them a host is in. */
export class Aggregates {
  readonly #all = new Map<number, Aggregate>();
  #ofHost = new Map<string, Aggregate[]>();
  #lastId = 0;

  nextId(): number {
    return ++this.#lastId;
  }

  get(id: number): Aggregate | undefined {
    return this.#all.get(id);
  }

  all(): readonly Aggregate[] {
    return [...this.#all.values()];
  }

  get size(): number {
    return this.#all.size;
  }

  set(aggregate: Aggregate): void {
    this.#all.set(aggregate.id, aggregate);
    this.reindex();
  }

  delete(aggregate: Aggregate): void {
    this.#all.delete(aggregate.id);
    this.reindex();
  }

  /** To be called after the hosts of an aggregate changed. */
  reindex(): void {
    this.#ofHost = new Map();
    for (const aggregate of this.#all.values()) {
      for (const host of aggregate.hosts) {
        const there = this.#ofHost.get(host);
        if (there === undefined) this.#ofHost.set(host, [aggregate]);
        else there.push(aggregate);
      }
    }
  }

  of(host: Host): readonly Aggregate[] {
    return this.#ofHost.get(host.name) ?? NONE;
  }

  zoneOf(host: Host): string {
    for (const aggregate of this.of(host)) {
      const zone = aggregate.metadata.availability_zone;
      if (zone !== undefined) return zone;
    }
    return DEFAULT_ZONE;
  }
}
