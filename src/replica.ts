import { Subject } from 'rxjs';
import type { ElementKey } from '../model/element.ts';
import type { Fact } from '../model/fact.ts';
import { LiveModel } from '../model/live-model.ts';
import type { Revision } from '../model/revision.ts';
import type { ModelStore } from '../model/store.ts';
import type { FeedItem } from './service-state.ts';

/** How many facts a store that lost its data is told again at a time. */
const TELL_AGAIN = 5_000;

/** Keeps a live model in step with a store: loads, follows, and starts over when the stream breaks. */
export class Replica {
  readonly model = new LiveModel();
  /** Emits in the tick in which the model changed. */
  readonly feed$ = new Subject<FeedItem>();
  readonly #store: ModelStore;
  readonly #onLost: () => void;
  #loaded = false;

  /** `onLost` is called when the store lost data: what nobody holds any more only a full reconcile can tell. */
  constructor(store: ModelStore, onLost: () => void) {
    this.#store = store;
    this.#onLost = onLost;
  }

  /** Whether everything the store held at the start is in the model. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Loads what the store holds; resolves with the revision to {@link run} from. */
  async load(): Promise<Revision> {
    const head = await this.#store.head();
    for await (const facts of this.#store.scan()) this.model.load(facts, head);
    this.#loaded = true;
    // Whoever subscribed while it was being loaded has seen a part of it.
    this.feed$.next({ kind: 'resync', revision: this.model.revision, reason: 'the model was loaded from the store' });
    return head;
  }

  /** Follows the store from a revision until it is closed. */
  async run(from: Revision): Promise<void> {
    for await (const followed of this.#store.follow(from)) {
      if (followed.kind === 'changes') {
        const changes = this.model.apply(followed.changes);
        if (changes.length > 0) this.feed$.next({ kind: 'changes', changes });
      } else {
        await this.#startOver(followed.reason);
      }
    }
    this.feed$.complete();
  }

  /** What is held is told again first: facts can do no harm, and the store may have lost some. */
  async #startOver(reason: 'behind' | 'lost'): Promise<void> {
    if (reason === 'lost') {
      await this.#tellAgain();
      this.#onLost();
    }
    const held = new Set<ElementKey>();
    const head = await this.#store.head();
    for await (const facts of this.#store.scan()) {
      for (const fact of facts) held.add(fact.element);
      if (reason === 'behind') this.model.reload(facts, head);
      else this.model.load(facts, head);
    }
    // After a loss others may still hold what the store does not: only a store that kept everything tells what is gone.
    if (reason === 'behind') this.model.retain(held, head);
    const text =
      reason === 'lost' ? 'the store lost data and began a new epoch' : 'the replica had fallen too far behind';
    this.feed$.next({ kind: 'resync', revision: this.model.revision, reason: text });
  }

  async #tellAgain(): Promise<void> {
    let batch: Fact[] = [];
    for (const fact of [...this.model.facts()]) {
      batch.push(fact);
      if (batch.length < TELL_AGAIN) continue;
      await this.#store.commit(batch);
      batch = [];
    }
    await this.#store.commit(batch);
  }
}
