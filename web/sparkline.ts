const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 160;
const HEIGHT = 32;
/** Values that are drawn. */
const KEPT = 120;

/** The last values of a metric as a line, with the threshold across. */
export class Sparkline {
  readonly element = document.createElementNS(SVG, 'svg');
  readonly #line = document.createElementNS(SVG, 'polyline');
  readonly #threshold = document.createElementNS(SVG, 'line');
  readonly #values: number[] = [];
  readonly #limit: number;

  /** `limit` is the threshold. */
  constructor(limit: number) {
    this.#limit = limit;
    this.element.setAttribute('class', 'sparkline');
    this.element.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute('preserveAspectRatio', 'none');
    this.element.setAttribute('aria-hidden', 'true');
    this.#threshold.setAttribute('class', 'threshold');
    this.element.append(this.#threshold, this.#line);
  }

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > KEPT) this.#values.shift();
    const top = Math.max(this.#limit * 1.5, ...this.#values);
    const y = (of: number): string => (HEIGHT - 1 - (of / top) * (HEIGHT - 2)).toFixed(1);
    const step = WIDTH / Math.max(1, KEPT - 1);
    const start = WIDTH - (this.#values.length - 1) * step;
    this.#line.setAttribute(
      'points',
      this.#values.map((one, i) => `${(start + i * step).toFixed(1)},${y(one)}`).join(' '),
    );
    for (const [name, at] of [
      ['x1', '0'],
      ['x2', String(WIDTH)],
      ['y1', y(this.#limit)],
      ['y2', y(this.#limit)],
    ] as const) {
      this.#threshold.setAttribute(name, at);
    }
  }
}
