/** Whether these bytes stand there: a loop, since a call into the runtime takes longer than so few of them. */
export function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** How a whole message ends in oslo.messaging's writing: the inner object, the text it is in, the outer object. */
const END = Buffer.from('}"}');

export function endsWhole(body: Uint8Array): boolean {
  return standsAt(body, body.length - END.length, END);
}
