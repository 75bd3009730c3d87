/**
 * How Node runs a Vigil that serves.
 *
 * Nearly all that a notification is made of is garbage a moment later: with room for it the collector seldom has to look,
 * and finds little that is alive (MiB for each of the three parts of that room). What does live is the model, and marking it
 * all keeps messages waiting: left to itself the collector does so whenever a third is added to it, now when it has doubled.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=64', '--heap-growing-percent=100'];
