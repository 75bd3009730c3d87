import { ensureOrExit } from './ensure.mjs';

await ensureOrExit();
