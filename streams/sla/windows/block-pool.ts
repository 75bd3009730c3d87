/** Where a block of memory is: so many samples from an offset on, each a pair of time and value. */
export interface Block {
  page: Float64Array;
  offset: number;
}

/** How many samples blocks hold, by class: close enough to each other that little of a block lies idle. */
const CAPACITIES = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1_024, 2_048, 4_096, 8_192] as const;
const PAGE_SAMPLES = 4_096;
const NUMBERS_PER_SAMPLE = 2;
const NONE = -1;
const GONE = new Float64Array(0);

/**
 * Memory for the samples of very many short series: blocks of some sizes, cut from large pages, since an array of its own
 * for each series would take more than the samples in it. A page is let go when nothing is in it any more.
 */
export class BlockPool {
  readonly #classes = CAPACITIES.map((capacity) => new BlockClass(capacity));

  /** Bytes of all pages that are in use. */
  get bytes(): number {
    let bytes = 0;
    for (const one of this.#classes) bytes += one.bytes;
    return bytes;
  }

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

/** Blocks of one size. The free ones of a page are a chain: each holds the place of the next. */
class BlockClass {
  bytes = 0;
  readonly #numbers: number;
  /** A page holds a power of two of blocks, so that a block's page and place are parts of its number. */
  readonly #shift: number;
  readonly #pages: Float64Array[] = [];
  readonly #firstFree: number[] = [];
  readonly #used: number[] = [];
  /** Pages that may have a free block, and pages that were let go. */
  readonly #open: number[] = [];
  readonly #gone: number[] = [];

  constructor(capacity: number) {
    this.#numbers = capacity * NUMBERS_PER_SAMPLE;
    this.#shift = Math.max(0, Math.floor(Math.log2(PAGE_SAMPLES / capacity)));
  }

  take(): number {
    const page = this.#openPage();
    const place = this.#firstFree[page] ?? NONE;
    this.#firstFree[page] = this.#pages[page]?.[place * this.#numbers] ?? NONE;
    this.#used[page] = (this.#used[page] ?? 0) + 1;
    return (page << this.#shift) | place;
  }

  give(block: number): void {
    const page = block >> this.#shift;
    const data = this.#pages[page] ?? GONE;
    const used = (this.#used[page] ?? 0) - 1;
    this.#used[page] = used;
    if (used === 0) {
      this.bytes -= data.byteLength;
      this.#pages[page] = GONE;
      this.#firstFree[page] = NONE;
      this.#gone.push(page);
      return;
    }
    const place = block & ((1 << this.#shift) - 1);
    const first = this.#firstFree[page] ?? NONE;
    data[place * this.#numbers] = first;
    this.#firstFree[page] = place;
    if (first === NONE) this.#open.push(page);
  }

  locate(block: number, into: Block): void {
    into.page = this.#pages[block >> this.#shift] ?? GONE;
    into.offset = (block & ((1 << this.#shift) - 1)) * this.#numbers;
  }

  #openPage(): number {
    for (let page = this.#open.at(-1); page !== undefined; page = this.#open.at(-1)) {
      if (this.#firstFree[page] !== NONE) return page;
      this.#open.pop();
    }
    const page = this.#gone.pop() ?? this.#pages.length;
    const blocks = 1 << this.#shift;
    const data = new Float64Array(blocks * this.#numbers);
    for (let place = 0; place < blocks; place++) data[place * this.#numbers] = place + 1 < blocks ? place + 1 : NONE;
    this.bytes += data.byteLength;
    this.#pages[page] = data;
    this.#firstFree[page] = 0;
    this.#used[page] = 0;
    this.#open.push(page);
    return page;
  }
}
