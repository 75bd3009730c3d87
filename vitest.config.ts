import { defineConfig } from 'vitest/config';

/** Unit tests need nothing; contract and service tests run against real servers, which tests/services starts. */
export default defineConfig({
  test: {
    allowOnly: false,
    pool: 'forks',
    // Only waited for in full by a test that fails.
    expect: { poll: { timeout: 45_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['tests/**/*.contract.ts'],
          globalSetup: ['tests/services/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['tests/**/*.service.ts'],
          globalSetup: ['tests/services/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
