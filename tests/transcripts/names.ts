const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00)?/g;

/** What parts the attributes of a quoted object. */
const QUOTATION = /[{}[\],]+ ?/;
/** The end of a whole number, where it is quoted as a number with a point. */
const WHOLE = /(?<=\d)\.0(?=[,}])/g;

/** Which uuid of the replay stands for which of the recording, learned as answers come. */
export class Names {
  readonly #answered: Map<string, string>;

  constructor(known: ReadonlyMap<string, string> = new Map()) {
    this.#answered = new Map(known);
  }

  /** What is known now; what the copy learns is not learned here. */
  copy(): Names {
    return new Names(this.#answered);
  }

  /** A recorded text with the replay's uuids in place of the recorded ones. */
  translate(text: string): string {
    return text.replace(UUID, (uuid) => this.#answered.get(uuid) ?? uuid);
  }

  /** Whether two texts say the same: uuids stand for each other, one for one, and times are only alike in their form. */
  same(recorded: string, answered: string): boolean {
    if (formOf(recorded) !== formOf(answered)) return false;
    const ours = answered.match(UUID) ?? [];
    return (recorded.match(UUID) ?? []).every((uuid, i) => this.#pair(uuid, ours[i] ?? ''));
  }

  #pair(recorded: string, answered: string): boolean {
    const known = this.#answered.get(recorded);
    if (known === undefined) this.#answered.set(recorded, answered);
    return known === undefined || known === answered;
  }
}

/**
 * A text with what is never alike taken out of it: a fraction of a second is not told when it happens to be zero, and what
 * quotes a request has its attributes in the order in which they were sent, which was not recorded.
 */
function formOf(text: string): string {
  const form = text
    .replace(UUID, '<uuid>')
    .replace(TIME, (_, _fraction, offset: string | undefined) => `<time${offset ?? ''}>`);
  return form.includes("{'") ? form.replace(WHOLE, '').split(QUOTATION).sort().join(' ') : form;
}
