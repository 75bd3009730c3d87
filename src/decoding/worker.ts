import { parentPort } from 'node:worker_threads';
import { readBody } from '../../streams/decoded.ts';
import { type Answer, type Bodies, ContentWriter } from './wire.ts';

const writer = new ContentWriter();

// Reads the bodies it is sent, batch by batch in order, until it is ended.
parentPort?.on('message', ({ bytes, ends, now }: Bodies) => {
  const contents = ends.map((end, i) => readBody(bytes.subarray(ends[i - 1] ?? 0, end), now));
  const answer: Answer = { text: writer.write(contents), bytes };
  parentPort?.postMessage(answer, [bytes.buffer]);
});
