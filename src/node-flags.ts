/**
 * How Node runs a Vigil that serves. Nearly all that a notification is made of is garbage a moment later: with room for it
 * the collector seldom has to look, and finds little that is alive. MiB for each of the three parts of that room.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=64'];
