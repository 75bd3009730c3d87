import { Card, GAP, TILE } from './card.ts';
import { byId } from './dom.ts';
import { NOWHERE, type Replica } from './replica.ts';

const BY_NAME = new Intl.Collator('en', { numeric: true });
/** How far outside of the visible part a card already has its tiles. */
const MARGIN = '400px';

/** All cards, in the order of names, instances on no host last. */
export class Wall {
  readonly #list = byId('hosts');
  readonly #replica: Replica;
  readonly #cards = new Map<string, Card>();
  readonly #names = new WeakMap<Element, string>();
  readonly #observer: IntersectionObserver;
  #order: string[] = [];
  #perRow = 1;
  #filter = '';

  constructor(replica: Replica) {
    this.#replica = replica;
    this.#observer = new IntersectionObserver((entries) => this.#onSight(entries), { rootMargin: MARGIN });
    new ResizeObserver(() => this.#measure()).observe(this.#list);
  }

  /** Brings the cards of hosts up to date; `moved` are instances that arrived just now. */
  update(hosts: ReadonlySet<string>, moved: ReadonlySet<string>): void {
    const present = this.#replica.hostNames();
    for (const name of hosts) {
      if (present.has(name)) this.#show(this.#card(name), name, moved);
      else this.#remove(name);
    }
    byId('empty').hidden = present.size > 0;
  }

  /** Shows only hosts with this text in their names. */
  filter(text: string): void {
    this.#filter = text.trim().toLowerCase();
    for (const [name, card] of this.#cards) card.element.hidden = !this.#passes(name);
  }

  #show(card: Card, name: string, moved: ReadonlySet<string>): void {
    const { breached } = this.#replica;
    card.update(this.#replica.host(name), this.#replica.instancesOn(name), { moved, breached });
  }

  /** All cards are of one width, so one tells how many tiles fit into all. */
  #measure(): void {
    const shown = [...this.#cards.values()].find(({ width }) => width > 0);
    if (shown === undefined) return;
    const perRow = Math.max(1, Math.floor((shown.width + GAP) / TILE));
    if (perRow === this.#perRow) return;
    this.#perRow = perRow;
    for (const card of this.#cards.values()) card.perRow = perRow;
  }

  #passes(name: string): boolean {
    return name.toLowerCase().includes(this.#filter);
  }

  #card(name: string): Card {
    const known = this.#cards.get(name);
    if (known !== undefined) return known;
    const card = new Card(name);
    card.perRow = this.#perRow;
    card.element.hidden = !this.#passes(name);
    const place = this.#placeOf(name);
    const next = this.#cards.get(this.#order[place] ?? '')?.element ?? null;
    this.#list.insertBefore(card.element, place < this.#order.length ? next : null);
    this.#order.splice(place, 0, name);
    this.#cards.set(name, card);
    this.#names.set(card.element, name);
    this.#observer.observe(card.element);
    return card;
  }

  #placeOf(name: string): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareNames(this.#order[middle] ?? '', name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remove(name: string): void {
    const card = this.#cards.get(name);
    if (card === undefined) return;
    this.#observer.unobserve(card.element);
    card.element.remove();
    this.#cards.delete(name);
    this.#order = this.#order.filter((other) => other !== name);
  }

  #onSight(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const name = this.#names.get(target);
      const card = name === undefined ? undefined : this.#cards.get(name);
      if (name === undefined || card === undefined) continue;
      card.near = isIntersecting;
      this.#show(card, name, new Set());
    }
  }
}

function compareNames(a: string, b: string): number {
  if (a === NOWHERE || b === NOWHERE) return Number(a === NOWHERE) - Number(b === NOWHERE);
  return BY_NAME.compare(a, b) || (a < b ? -1 : Number(a > b));
}
