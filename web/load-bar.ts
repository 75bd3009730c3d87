import { make } from './dom.ts';

/** How much of something is promised, as a name and a bar; hidden while it is not known how much there is. */
export class LoadBar {
  readonly elements: readonly HTMLElement[];
  readonly #name: string;
  readonly #bar = make('div');
  readonly #filled = make('span');

  constructor(name: string) {
    this.#name = name;
    this.#bar.setAttribute('role', 'meter');
    this.#bar.setAttribute('aria-label', name);
    this.#bar.setAttribute('aria-valuemin', '0');
    this.#bar.setAttribute('aria-valuemax', '100');
    this.#bar.append(this.#filled);
    this.elements = [make('span', '', name), this.#bar];
    this.show(0, 0);
  }

  show(used: number, of: number): void {
    for (const element of this.elements) element.hidden = of === 0;
    const percent = of === 0 ? 0 : Math.round((100 * used) / of);
    this.#bar.setAttribute('aria-valuenow', String(Math.min(100, percent)));
    this.#bar.title = `${this.#name}: ${percent} % promised`;
    this.#filled.style.width = `${Math.min(100, percent)}%`;
  }
}
