const MIB = 1024 * 1024;
/** More than the bodies of a batch take, but for a single larger one. */
const MOST_KEPT = 8 * MIB;

/**
 * Memory that is passed between threads, to and fro, and used again and again: memory made anew for each batch would be
 * outside of the heap, and the collector goes over all of the model whenever 64 MiB of such memory were made since it last
 * looked. It is passed and not shared, as V8 copies into shared memory word by word.
 */
export class PassedMemory {
  #free: Uint8Array<ArrayBuffer>[] = [];

  /**
   * At least so many bytes, with whatever was in them before. Where none is large enough one goes for the new one, so that
   * no more are kept than were ever taken at once.
   */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex(({ length }) => length >= bytes);
    const [free] = this.#free.splice(Math.max(at, 0), 1);
    return at < 0 || free === undefined ? new Uint8Array(Math.ceil(bytes / MIB) * MIB) : free;
  }

  /** Gives back what was taken. */
  give(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.length <= MOST_KEPT) this.#free.push(memory);
  }
}
