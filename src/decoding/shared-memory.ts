const MIB = 1024 * 1024;
/** More than the bodies of a batch take, but for a single larger one. */
const MOST_KEPT = 8 * MIB;

/**
 * Memory that threads share, used again and again: memory made anew for each batch would be outside of the heap, and the
 * collector goes over all of the model whenever 64 MiB of such memory were made since it last looked.
 */
export class SharedMemory {
  #free: Uint8Array[] = [];

  /** At least so many bytes, with whatever was in them before. */
  take(bytes: number): Uint8Array {
    const at = this.#free.findIndex(({ length }) => length >= bytes);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    return found ?? new Uint8Array(new SharedArrayBuffer(Math.ceil(bytes / MIB) * MIB));
  }

  /** Gives back what was taken. */
  give(memory: Uint8Array): void {
    if (memory.length <= MOST_KEPT) this.#free.push(memory);
  }
}
