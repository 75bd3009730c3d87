/**
 * The beginning of every notification as oslo.messaging writes it, up to the event type. What stands before it is fixed by
 * oslo.messaging, so that no field of a payload can be taken for it.
 */
const BEGINNING =
  /^\{"oslo\.version": "2\.0", "oslo\.message": "\{\\"message_id\\": \\"[^"\\]{1,255}\\", \\"publisher_id\\": \\"[^"\\]{1,255}\\", \\"event_type\\": \\"([a-z0-9_.]{1,255})\\"/;

/** Room for the longest ids that are looked for, and more than enough for nova's. */
const PEEKED_BYTES = 512;
/** How a whole message ends: the inner object, the text it is in, the outer object. */
const END = '}"}';
const QUOTE = '\\"';

/**
 * The event type of a message in oslo.messaging's own writing, without parsing it: most notifications claim nothing, and
 * need not be parsed to be passed over. Null when it is written otherwise, or cut off: then it must be decoded.
 */
export function peekEvent(body: Uint8Array): string | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.toString('latin1', bytes.length - END.length) !== END) return null;
  const match = BEGINNING.exec(bytes.toString('latin1', 0, PEEKED_BYTES));
  if (match === null) return null;
  const [beginning, event = ''] = match;
  const end = beginning.length - QUOTE.length;
  // Read anew: as a part of the text that was matched it would keep all of that in memory.
  return bytes.toString('latin1', end - event.length, end);
}
