import type { Observable } from 'rxjs';

/** All pages of a list together take no more, with the addresses that they were asked for by. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Pages of a list as they were answered, until anything they show may have changed: many look at the same ones, again and again. */
export class KeptPages {
  readonly #pages = new Map<string, Buffer>();
  #bytes = 0;

  /** `changes$` emits when a page may have become another. */
  constructor(changes$: Observable<unknown>) {
    changes$.subscribe(() => this.#forgetAll());
  }

  /** The page that was kept under that key, or is written and kept now. */
  page(key: string, write: () => Buffer): Buffer {
    const kept = this.#pages.get(key);
    if (kept !== undefined) return kept;
    const page = write();
    const bytes = key.length + page.length;
    if (this.#bytes + bytes > MOST_BYTES) this.#forgetAll();
    this.#pages.set(key, page);
    this.#bytes += bytes;
    return page;
  }

  #forgetAll(): void {
    this.#pages.clear();
    this.#bytes = 0;
  }
}
