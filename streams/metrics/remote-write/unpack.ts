import { uncompress } from 'snappy';

/** A snappy block begins with its length unpacked, seven bits a byte, least first. */
const LENGTH_BYTES = 5;

/** Unpacks a snappy block of at most `limit` bytes; a greater one is refused unopened. Rejects with an Error. */
export async function unpack(block: Buffer, limit: number): Promise<Buffer> {
  const length = lengthUnpacked(block);
  if (length === null) throw new Error('it is not packed by snappy');
  if (length > limit) throw new Error(`it has ${length} bytes unpacked, at most ${limit} are taken`);
  if (length === 0) return Buffer.alloc(0);
  try {
    return Buffer.from(await uncompress(block));
  } catch (error) {
    throw new Error('it is not packed by snappy, or was cut off', { cause: error });
  }
}

function lengthUnpacked(block: Buffer): number | null {
  let length = 0;
  for (const [at, byte] of block.subarray(0, LENGTH_BYTES).entries()) {
    length += (byte & 0x7f) * 2 ** (at * 7);
    if (byte < 0x80) return length;
  }
  return null;
}
