/** Waits for something that has to be ended and takes note of it; gives it back. */
export type Hold = <T>(opening: Promise<T>, end: (held: T) => Promise<unknown>) => Promise<T>;

/** Does work that holds things; they are ended in the opposite order, whatever became of the work. */
export async function holding<R>(work: (hold: Hold) => Promise<R>): Promise<R> {
  const ends: (() => Promise<unknown>)[] = [];
  const hold: Hold = async (opening, end) => {
    const held = await opening;
    ends.push(() => end(held));
    return held;
  };
  try {
    return await work(hold);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
