import type { Block, BlockPool } from './block-pool.ts';
import { grown } from './grow.ts';
import type { Names } from './names.ts';

/** What became of a sample that was added. */
export type Added = 'kept' | 'late' | 'full';

const NO_SLOT = -1;
const EMPTY_PAGE = new Float64Array(0);

/**
 * The latest samples of one metric, a series for each resource, each in order of time. A series is known by its slot, a
 * small number that is given to another once it is dropped.
 */
export class SeriesTable {
  /** Slots are less than this. */
  size = 0;
  /** Series that there are. */
  count = 0;
  /** Seconds for which samples are kept. */
  retention = 0;
  /** What a series' samples are found by after {@link find}: pairs from `begin` to before `end` in the page. */
  readonly found: Block & { begin: number; end: number } = { page: EMPTY_PAGE, offset: 0, begin: 0, end: 0 };
  readonly #pool: BlockPool;
  readonly #names: Names;
  #slots = new Int32Array(0);
  #resources = new Int32Array(0);
  #blocks = new Int32Array(0);
  #classes = new Uint8Array(0);
  #counts = new Uint16Array(0);
  readonly #free: number[] = [];
  #arrived: number[] = [];

  constructor(pool: BlockPool, names: Names) {
    this.#pool = pool;
    this.#names = names;
  }

  /** The resource of a slot; empty for one that is free. */
  resource(slot: number): string {
    const id = this.#resources[slot] ?? NO_SLOT;
    return id === NO_SLOT ? '' : this.#names.name(id);
  }

  slot(resource: string): number | undefined {
    const id = this.#names.find(resource);
    const slot = id === undefined || id >= this.#slots.length ? NO_SLOT : (this.#slots[id] ?? NO_SLOT);
    return slot === NO_SLOT ? undefined : slot;
  }

  /** Series that appeared since this was last asked. */
  arrivals(): readonly number[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  /**
   * Adds a sample; of equal times the last one stays. `horizon`: nothing will ever be asked of what is not after it. `hasRoom`:
   * whether another series may begin.
   */
  add(resource: string, value: number, time: number, horizon: number, hasRoom: () => boolean): Added {
    if (time <= horizon) return 'late';
    const known = this.slot(resource);
    if (known === undefined && !hasRoom()) return 'full';
    const slot = known ?? this.#open(resource);
    this.find(slot);
    const { found } = this;
    if (found.end === found.begin || time > (found.page[found.end - 2] ?? 0)) this.#append(slot, time, value, horizon);
    else this.#insert(slot, time, value, horizon);
    return 'kept';
  }

  /** Makes a series' samples known by {@link found}. */
  find(slot: number): void {
    const { found } = this;
    this.#pool.locate(this.#classes[slot] ?? 0, this.#blocks[slot] ?? 0, found);
    found.begin = found.offset;
    found.end = found.begin + 2 * (this.#counts[slot] ?? 0);
  }

  /** The time of a series' latest sample; minus infinity when there is none. */
  latest(slot: number): number {
    this.find(slot);
    const { page, begin, end } = this.found;
    return end === begin ? Number.NEGATIVE_INFINITY : (page[end - 2] ?? 0);
  }

  /** Drops the series whose latest sample is older; they must not be asked for any more. */
  dropBefore(time: number): void {
    for (let slot = 0; slot < this.size; slot++) {
      const id = this.#resources[slot] ?? NO_SLOT;
      if (id === NO_SLOT || this.latest(slot) >= time) continue;
      this.#pool.give(this.#classes[slot] ?? 0, this.#blocks[slot] ?? 0);
      this.#slots[id] = NO_SLOT;
      this.#resources[slot] = NO_SLOT;
      this.#counts[slot] = 0;
      this.#names.release(id);
      this.#free.push(slot);
      this.count -= 1;
    }
  }

  #open(resource: string): number {
    const slot = this.#free.pop() ?? this.size++;
    this.#resources = grown(this.#resources, this.size);
    this.#blocks = grown(this.#blocks, this.size);
    this.#classes = grown(this.#classes, this.size);
    this.#counts = grown(this.#counts, this.size);
    const id = this.#names.id(resource);
    this.#names.use(id);
    const known = this.#slots.length;
    this.#slots = grown(this.#slots, this.#names.size);
    this.#slots.fill(NO_SLOT, known);
    this.#slots[id] = slot;
    this.#resources[slot] = id;
    this.#classes[slot] = 0;
    this.#blocks[slot] = this.#pool.take(0);
    this.#counts[slot] = 0;
    this.#arrived.push(slot);
    this.count += 1;
    return slot;
  }

  #append(slot: number, time: number, value: number, horizon: number): void {
    this.#makeRoom(slot, horizon);
    const { page, end } = this.found;
    page[end] = time;
    page[end + 1] = value;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** Puts a sample that came out of order where it belongs. */
  #insert(slot: number, time: number, value: number, horizon: number): void {
    let { page, begin, end } = this.found;
    let at = end;
    while (at > begin && (page[at - 2] ?? 0) > time) at -= 2;
    if (at > begin && page[at - 2] === time) {
      page[at - 1] = value;
      return;
    }
    const behind = end - at;
    this.#makeRoom(slot, horizon);
    ({ page, begin, end } = this.found);
    at = Math.max(begin, end - behind);
    page.copyWithin(at + 2, at, end);
    page[at] = time;
    page[at + 1] = value;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** Sees to it that one more sample fits at the end: lets go what is past the horizon, else takes a larger block. */
  #makeRoom(slot: number, horizon: number): void {
    const { found } = this;
    const size = this.#classes[slot] ?? 0;
    const blockEnd = found.offset + 2 * this.#pool.capacity(size);
    if (found.end < blockEnd) return;
    const { page, offset, end } = found;
    let { begin } = found;
    while (begin < end && (page[begin] ?? 0) <= horizon) begin += 2;
    // Of a series that has more samples than the largest block the oldest go.
    if (begin === offset && size === this.#pool.classes - 1) begin += 2;
    if (begin > offset) page.copyWithin(offset, begin, end);
    else this.#enlarge(slot, size);
    this.#counts[slot] = (end - begin) / 2;
    this.find(slot);
  }

  #enlarge(slot: number, size: number): void {
    const { page, begin, end } = this.found;
    const old = this.#blocks[slot] ?? 0;
    const block = this.#pool.take(size + 1);
    const target: Block = { page: EMPTY_PAGE, offset: 0 };
    this.#pool.locate(size + 1, block, target);
    target.page.set(page.subarray(begin, end), target.offset);
    this.#pool.give(size, old);
    this.#classes[slot] = size + 1;
    this.#blocks[slot] = block;
  }
}
