import { byId, make } from './dom.ts';
import type { Change } from './elements.ts';

const LENGTH = 40;

/** The list of the last changes, newest first. */
export class Ticker {
  readonly #list = byId('changes');
  #waiting: HTMLElement[] = [];

  /** `name` is what the element is called, where it has a name. */
  add(change: Change, name: string | null): void {
    const text = sentence(change, name ?? change.id);
    if (text === null) return;
    this.#waiting.push(line(change, text));
    if (this.#waiting.length > LENGTH) this.#waiting.shift();
  }

  /** Shows what was added since; to be called once a frame. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#list.prepend(...this.#waiting.reverse());
    this.#waiting = [];
    while (this.#list.childElementCount > LENGTH) this.#list.lastElementChild?.remove();
  }
}

function line({ cause }: Change, text: string): HTMLElement {
  const item = make('li');
  if (cause !== null) {
    const time = make('time', '', new Date(cause.at).toLocaleTimeString());
    time.dateTime = cause.at;
    item.append(time, ' ');
  }
  item.append(text);
  if (cause !== null) item.append(make('br'), make('small', '', `${cause.event} · ${cause.publisher}`));
  return item;
}

/** What happened, in words; null for what is not worth a line. */
function sentence(change: Change, name: string): string | null {
  const { kind, before, after, fields } = change;
  if (kind === 'host') return hostSentence(change);
  if (change.change === 'removed') return `${name} was deleted`;
  if (change.change === 'added') return `${name} appeared${after?.host == null ? '' : ` on ${after.host}`}`;
  const told: string[] = [];
  if (fields.includes('host')) told.push(`moved ${before?.host ?? 'from nowhere'} → ${after?.host ?? 'nowhere'}`);
  if (fields.includes('state')) told.push(`${before?.state ?? 'unknown'} → ${after?.state ?? 'unknown'}`);
  if (fields.includes('task_state') && after?.task_state != null) told.push(String(after.task_state));
  return told.length === 0 ? null : `${name}: ${told.join(', ')}`;
}

function hostSentence({ change, id, fields }: Change): string {
  if (change === 'changed') return `host ${id}: ${fields.join(', ')}`;
  return `host ${id} was ${change}`;
}
