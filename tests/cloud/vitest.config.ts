import { defineConfig } from 'vitest/config';

/** Against a real cloud, one step after another; `npm run test:cloud`. */
export default defineConfig({
  test: {
    include: ['tests/cloud/*.cloud.ts'],
    allowOnly: false,
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    // The Python packages of the mini-cloud may have to be had first.
    hookTimeout: 900_000,
  },
});
