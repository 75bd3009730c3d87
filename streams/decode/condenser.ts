import { endsWhole, standsAt } from './bytes.ts';
import { hashOf, hashOn, KEEP_WHOLE, LEAVE, type NameFilter } from './name-filter.ts';

/** What oslo.messaging writes before the message, which is a JSON text in a JSON text. */
const HEAD = Buffer.from('{"oslo.version": "2.0", "oslo.message": "{');

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const FIRST_NOT_ASCII = 0x80;

/** nova's usual messages have a few kilobytes, and objects a few levels deep. */
const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 16;

/** Thrown at what is written otherwise than foreseen; whoever parses all of it finds out whether it is wrong. */
class Unforeseen extends Error {}

/**
 * Makes messages short before they are parsed: takes the text in the text apart and leaves out what nobody reads, in one
 * walk over the bytes. That is most of a message: names and versions of objects, fields that no register is made of, and
 * the context, which comes last. What is left out is looked at no closer than it takes to find its end.
 */
export class Condenser {
  readonly #names: NameFilter;
  readonly #last: number;
  readonly #out = Buffer.allocUnsafeSlow(MAX_BYTES);
  #length = 0;
  #bytes: Uint8Array = HEAD;
  /** Of the name that was read last. */
  #hash = 0;

  /** `last` is the field of a message after which nothing is read. */
  constructor(names: NameFilter, last: string) {
    this.#names = names;
    this.#last = hashOf(last);
  }

  /** The message's JSON; null when it is not in oslo.messaging's own writing, or is no usual message. */
  condense(body: Uint8Array): string | null {
    if (body.length > MAX_BYTES || !standsAt(body, 0, HEAD) || !endsWhole(body)) return null;
    this.#bytes = body;
    this.#length = 0;
    try {
      this.#object(HEAD.length - 1, 0, false);
    } catch (error) {
      if (error instanceof Unforeseen) return null;
      throw error;
    }
    return this.#out.toString('latin1', 0, this.#length);
  }

  // Each of these goes over one thing, which begins at `begin`, and returns where it ends.

  #value(begin: number, depth: number, isWhole: boolean): number {
    const first = this.#bytes[begin];
    if (first === BACKSLASH) return this.#text(begin);
    if (first === OBJECT) return this.#object(begin, depth, isWhole);
    if (first === LIST) return this.#list(begin, depth, isWhole);
    return this.#scalar(begin);
  }

  #object(begin: number, depth: number, isWhole: boolean): number {
    if (depth === MAX_DEPTH) throw new Unforeseen();
    this.#put(OBJECT);
    let at = this.#space(begin + 1);
    while (this.#bytes[at] !== OBJECT_END) {
      const nameEnd = this.#name(at);
      const hash = this.#hash;
      const value = this.#space(this.#mark(this.#space(nameEnd), COLON));
      const treatment = isWhole ? KEEP_WHOLE : this.#names.treatmentOf(hash);
      if (treatment === LEAVE) {
        at = this.#left(value);
      } else {
        this.#putName(at, nameEnd);
        at = this.#value(value, depth + 1, treatment === KEEP_WHOLE);
        if (depth === 0 && hash === this.#last) break;
      }
      at = this.#next(at, OBJECT_END);
    }
    this.#put(OBJECT_END);
    return at + 1;
  }

  #list(begin: number, depth: number, isWhole: boolean): number {
    if (depth === MAX_DEPTH) throw new Unforeseen();
    this.#put(LIST);
    let at = this.#space(begin + 1);
    while (this.#bytes[at] !== LIST_END) {
      if (this.#out[this.#length - 1] !== LIST) this.#put(COMMA);
      at = this.#next(this.#value(at, depth + 1, isWhole), LIST_END);
    }
    this.#put(LIST_END);
    return at + 1;
  }

  #text(begin: number): number {
    const [bytes, out] = [this.#bytes, this.#out];
    let length = this.#length;
    let at = this.#mark(begin + 1, QUOTE);
    out[length++] = QUOTE;
    for (;;) {
      let byte = bytes[at];
      while (byte !== BACKSLASH) {
        if (byte === undefined || byte >= FIRST_NOT_ASCII) throw new Unforeseen();
        out[length++] = byte;
        byte = bytes[++at];
      }
      if (bytes[at + 1] === QUOTE) break;
      at = this.#mark(at + 1, BACKSLASH);
      out[length++] = BACKSLASH;
      if (bytes[at] === BACKSLASH) at += 1;
      out[length++] = bytes[at++] ?? 0;
    }
    out[length++] = QUOTE;
    this.#length = length;
    return at + 2;
  }

  #scalar(begin: number): number {
    let at = begin;
    for (;;) {
      const byte = this.#bytes[at];
      if (byte === COMMA || byte === OBJECT_END || byte === LIST_END) return at;
      if (byte === undefined || byte >= FIRST_NOT_ASCII || byte === BACKSLASH) throw new Unforeseen();
      this.#put(byte);
      at += 1;
    }
  }

  #name(begin: number): number {
    const bytes = this.#bytes;
    let hash = 0;
    let at = this.#mark(this.#mark(begin, BACKSLASH), QUOTE);
    for (let byte = bytes[at]; byte !== BACKSLASH; byte = bytes[++at]) {
      if (byte === undefined || byte >= FIRST_NOT_ASCII) throw new Unforeseen();
      hash = hashOn(hash, byte);
    }
    this.#hash = hash;
    return this.#mark(at + 1, QUOTE);
  }

  /** A value that is left out. */
  #left(begin: number): number {
    const bytes = this.#bytes;
    let at = begin;
    for (let depth = 0; ; ) {
      const byte = bytes[at];
      if (byte === BACKSLASH) {
        at = textEnd(bytes, at);
        if (depth === 0) return at;
      } else if (byte === OBJECT || byte === LIST) {
        depth += 1;
        at += 1;
      } else if (byte === OBJECT_END || byte === LIST_END) {
        if (depth === 0) return at;
        depth -= 1;
        at += 1;
        if (depth === 0) return at;
      } else if (byte === undefined) {
        throw new Unforeseen();
      } else {
        if (byte === COMMA && depth === 0) return at;
        at += 1;
      }
    }
  }

  /** From the end of a value to the next one's begin, or to the end of what they are in. */
  #next(end: number, closing: number): number {
    const at = this.#space(end);
    if (this.#bytes[at] === closing) return at;
    const next = this.#space(this.#mark(at, COMMA));
    if (this.#bytes[next] === closing) throw new Unforeseen();
    return next;
  }

  #space(begin: number): number {
    let at = begin;
    while (this.#bytes[at] === SPACE) at += 1;
    return at;
  }

  #mark(at: number, mark: number): number {
    if (this.#bytes[at] !== mark) throw new Unforeseen();
    return at + 1;
  }

  #put(byte: number): void {
    this.#out[this.#length++] = byte;
  }

  /** Puts a name with its quotes, and what belongs before and after it. */
  #putName(begin: number, end: number): void {
    if (this.#out[this.#length - 1] !== OBJECT) this.#put(COMMA);
    this.#put(QUOTE);
    for (let at = begin + 2; at < end - 2; at++) this.#put(this.#bytes[at] ?? 0);
    this.#put(QUOTE);
    this.#put(COLON);
  }
}

/** Where a text that is left out ends. */
function textEnd(bytes: Uint8Array, begin: number): number {
  if (bytes[begin + 1] !== QUOTE) throw new Unforeseen();
  for (let at = begin + 2; ; ) {
    const byte = bytes[at];
    if (byte === undefined) throw new Unforeseen();
    if (byte !== BACKSLASH) at += 1;
    else if (bytes[at + 1] === QUOTE) return at + 2;
    // An escape of the inner text: two characters, of which each may be escaped in the outer one.
    else at += bytes[at + 2] === BACKSLASH ? 4 : 3;
  }
}
