// Runs the thread's program as it is: Node 20 cannot run TypeScript by itself.
import { register } from 'node:module';

register('../../model/stores/typescript.mjs', import.meta.url);
await import('../../../src/decoding/worker.ts');
