// A thread that names what it never told.
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ bytes, ends }) => {
  const text = JSON.stringify({ anew: false, entries: [], rows: ends.map(() => [7, 8]) });
  parentPort?.postMessage({ text, bytes }, [bytes.buffer]);
});
