import { type Host, isKnown } from '../../../model/host.ts';
import type { LiveModel, ModelChange } from '../../../model/live-model.ts';
import { compareRevisions, NO_REVISION, type Revision } from '../../../model/revision.ts';

/** Names remembered. */
const LIMIT = 10_000;

/**
 * Hosts of which nothing is known but that instances are there: remembers those that went. The store, which has nothing of
 * such a host, cannot tell it to somebody who was away.
 */
export class NamedHosts {
  readonly #here = new Set<string>();
  readonly #gone = new Map<string, Revision>();
  /** What went before this is not remembered. */
  #since: Revision = NO_REVISION;
  /** Whether anything is likely to have gone before. */
  #mayLack = false;

  /** Begins with what a model holds, or goes on with it after it was loaded anew. */
  load(model: LiveModel): void {
    const named = new Set<string>();
    for (const host of model.hosts()) if (!isKnown(host)) named.add(host.name);
    for (const name of this.#here) if (!named.has(name)) this.#leave(name, model.revision);
    for (const name of named) this.#here.add(name);
    if (this.#since !== NO_REVISION) return;
    this.#since = model.revision;
    this.#mayLack = named.size > 0;
  }

  observe(changes: readonly ModelChange[]): void {
    for (const { kind, id, after, revision } of changes) {
      if (kind !== 'host') continue;
      if (after === null) this.#leave(id, revision);
      else if (isKnown(after as Host)) this.#here.delete(id);
      else this.#here.add(id);
    }
  }

  /** Names of those that went after a revision, and perhaps some before; null when that is not remembered. */
  goneSince(revision: Revision): Iterable<string> | null {
    return this.#mayLack && compareRevisions(revision, this.#since) < 0 ? null : this.#gone.keys();
  }

  #leave(name: string, revision: Revision): void {
    if (!this.#here.delete(name)) return;
    this.#gone.delete(name);
    this.#gone.set(name, revision);
    const [oldest] = this.#gone;
    if (this.#gone.size <= LIMIT || oldest === undefined) return;
    this.#gone.delete(oldest[0]);
    this.#since = oldest[1];
    this.#mayLack = true;
  }
}
