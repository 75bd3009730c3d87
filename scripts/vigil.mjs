#!/usr/bin/env node
import { ensureOrExit } from './ensure.mjs';
import { root } from './root.mjs';

// Only the server, which people start by hand and wait for, tells what it does before it is there.
await ensureOrExit({ quiet: process.argv[2] !== 'serve' });
await import(`${root}/dist/src/cli/main.js`);
