/** Where a block of memory is: so many samples from an offset on, each a pair of time and value. */
export interface Block {
  page: Float64Array;
  offset: number;
}

/** How many samples blocks hold, by class: close enough to each other that little of a block lies idle. */
const CAPACITIES = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1_024, 2_048, 4_096, 8_192] as const;
const PAGE_SAMPLES = 4_096;
const NUMBERS_PER_SAMPLE = 2;

/**
 * Memory for the samples of very many short series: blocks of some sizes, cut from large pages, since an array of its own
 * for each series would take more than the samples in it.
 */
export class BlockPool {
  readonly #classes = CAPACITIES.map((capacity) => new BlockClass(capacity));

  get classes(): number {
    return this.#classes.length;
  }

  capacity(size: number): number {
    return CAPACITIES[size] ?? 0;
  }

  /** Takes a block of a class, known by its number there. */
  take(size: number): number {
    return this.#of(size).take();
  }

  give(size: number, block: number): void {
    this.#of(size).give(block);
  }

  /** Says where a block is, into an object of the caller's. */
  locate(size: number, block: number, into: Block): void {
    this.#of(size).locate(block, into);
  }

  #of(size: number): BlockClass {
    const found = this.#classes[size];
    if (found === undefined) throw new RangeError(`there is no block class ${size}`);
    return found;
  }
}

class BlockClass {
  readonly #numbers: number;
  readonly #perPage: number;
  readonly #pages: Float64Array[] = [];
  readonly #free: number[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#numbers = capacity * NUMBERS_PER_SAMPLE;
    this.#perPage = Math.max(1, Math.floor(PAGE_SAMPLES / capacity));
  }

  take(): number {
    const block = this.#free.pop() ?? this.#next++;
    if (block >= this.#pages.length * this.#perPage) this.#pages.push(new Float64Array(this.#perPage * this.#numbers));
    return block;
  }

  give(block: number): void {
    this.#free.push(block);
  }

  locate(block: number, into: Block): void {
    const page = this.#pages[Math.floor(block / this.#perPage)];
    if (page === undefined) throw new RangeError(`block ${block} was never taken`);
    into.page = page;
    into.offset = (block % this.#perPage) * this.#numbers;
  }
}
