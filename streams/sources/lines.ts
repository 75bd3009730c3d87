import { createReadStream } from 'node:fs';

/** One line of a file, counted from 1, without its end. */
export interface Line {
  readonly number: number;
  /** The line's bytes; of a line longer than the limit only its beginning, which `cut` tells. */
  readonly bytes: Buffer;
  readonly cut: boolean;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of a file of any size, read as they are asked for; blank ones are left out. A line longer than `limit` bytes
 * is cut there, so that a file without line ends does not fill the memory.
 */
export async function* linesOf(path: string, limit: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let cut = false;
  let number = 0;

  const add = (part: Buffer): void => {
    const room = limit - length;
    if (part.length > room) cut = true;
    const kept = cut ? part.subarray(0, room) : part;
    if (kept.length > 0) parts.push(kept);
    length += kept.length;
  };
  const take = (): Line => {
    const line = { number: ++number, bytes: trim(Buffer.concat(parts), number), cut };
    parts = [];
    length = 0;
    cut = false;
    return line;
  };

  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line.bytes.length > 0) yield line;
    }
    add(chunk.subarray(start));
  }
  const last = take();
  if (last.bytes.length > 0) yield last;
}

function trim(bytes: Buffer, number: number): Buffer {
  const start = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, Math.max(start, end));
}
