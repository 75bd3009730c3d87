import type { Host, Resources } from './types.ts';

/** What one consumer holds on one host. */
export interface Allocation {
  /** An instance's uuid, or a migration's while an instance holds two hosts. */
  readonly consumer: string;
  readonly host: Host;
  readonly resources: Resources;
}

const NOTHING: Resources = { vcpus: 0, memoryMb: 0, diskGb: 0 };

/** Placement's allocations: who holds what on which host. */
export class Allocations {
  readonly #byConsumer = new Map<string, Allocation[]>();
  readonly #byHost = new Map<Host, Set<Allocation>>();
  readonly #used = new Map<Host, Resources>();

  of(consumer: string): readonly Allocation[] {
    return this.#byConsumer.get(consumer) ?? [];
  }

  on(host: Host): ReadonlySet<Allocation> {
    return this.#byHost.get(host) ?? new Set();
  }

  used(host: Host): Resources {
    return this.#used.get(host) ?? NOTHING;
  }

  /** Adds to what the consumer holds already. */
  claim(consumer: string, host: Host, resources: Resources): void {
    const allocation = { consumer, host, resources };
    const held = this.#byConsumer.get(consumer);
    if (held === undefined) this.#byConsumer.set(consumer, [allocation]);
    else held.push(allocation);
    const there = this.#byHost.get(host);
    if (there === undefined) this.#byHost.set(host, new Set([allocation]));
    else there.add(allocation);
    this.#count(host, resources, 1);
  }

  /** Gives back what the consumer holds, on one host or on all. */
  release(consumer: string, host?: Host): void {
    const held = this.#byConsumer.get(consumer) ?? [];
    const kept: Allocation[] = [];
    for (const allocation of held) {
      if (host !== undefined && allocation.host !== host) {
        kept.push(allocation);
        continue;
      }
      this.#byHost.get(allocation.host)?.delete(allocation);
      this.#count(allocation.host, allocation.resources, -1);
    }
    if (kept.length === 0) this.#byConsumer.delete(consumer);
    else this.#byConsumer.set(consumer, kept);
  }

  /** Hands all that one consumer holds to another, as nova does at the begin and the end of a move. */
  transfer(from: string, to: string): void {
    for (const { host, resources } of [...this.of(from)]) this.claim(to, host, resources);
    this.release(from);
  }

  #count(host: Host, by: Resources, sign: 1 | -1): void {
    const used = this.used(host);
    this.#used.set(host, {
      vcpus: used.vcpus + sign * by.vcpus,
      memoryMb: used.memoryMb + sign * by.memoryMb,
      diskGb: used.diskGb + sign * by.diskGb,
    });
  }
}
