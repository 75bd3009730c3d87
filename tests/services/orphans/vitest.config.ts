import { defineConfig } from 'vitest/config';

/** A test run to be killed; see ../orphans.service.ts. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['hold-servers.ts'],
    globalSetup: ['../setup.ts'],
    pool: 'forks',
    testTimeout: 600_000,
  },
});
