#!/usr/bin/env node
import { ensureOrExit } from './ensure.mjs';
import { respawn, runsWith } from './respawn.mjs';
import { root } from './root.mjs';

const serves = process.argv[2] === 'serve';
// Only the server, which people start by hand and wait for, tells what it does before it is there.
await ensureOrExit({ quiet: !serves });
const { NODE_FLAGS } = await import(`${root}/dist/src/node-flags.js`);
if (serves && !runsWith(NODE_FLAGS)) respawn(NODE_FLAGS);
else await import(`${root}/dist/src/cli/main.js`);
