import { make } from './dom.ts';
import type { Host, Instance, Inventory } from './elements.ts';
import { LoadBar } from './load-bar.ts';
import { NOWHERE } from './replica.ts';

const BARS = [
  { name: 'CPU', resourceClass: 'VCPU', key: 'vcpus' },
  { name: 'memory', resourceClass: 'MEMORY_MB', key: 'memory_mb' },
] as const;

/** A tile with the gap to the next, and the gap, in pixels; as in style.css. */
export const TILE = 17;
export const GAP = 3;

/** What is noteworthy of instances and hosts just now. */
export interface Marks {
  /** Instances that arrived this moment. */
  readonly moved: ReadonlySet<string>;
  /** Hosts and instances whose measurements break a rule. */
  readonly breached: ReadonlySet<string>;
}

/**
 * A host with its instances. Its tiles are kept only while it is near the visible part of the page, so that any number of
 * hosts can be shown; their room is kept, so that nothing jumps when they come.
 */
export class Card {
  readonly element = make('li', 'host');
  readonly #flag = make('span', 'flag');
  readonly #summary = make('p');
  readonly #bars = BARS.map((bar) => new LoadBar(bar.name));
  readonly #tiles = make('ul', 'tiles');
  readonly #shown = new Map<string, HTMLElement>();
  #near = false;
  #count = 0;
  #perRow = 1;

  constructor(name: string) {
    this.element.dataset.host = name;
    const title = make('h3');
    if (name === NOWHERE) {
      title.append(make('span', '', 'on no host'));
    } else {
      const link = make('a', '', name);
      link.href = `/model/hosts/${encodeURIComponent(name)}/instances`;
      title.append(link);
    }
    title.append(this.#flag);
    const load = make('div', 'load');
    load.append(...this.#bars.flatMap((bar) => bar.elements));
    this.element.append(title, this.#summary, load, this.#tiles);
  }

  /** Whether it is near the visible part of the page. */
  set near(near: boolean) {
    this.#near = near;
  }

  /** How many tiles fit side by side. */
  set perRow(perRow: number) {
    this.#perRow = perRow;
    this.#reserve();
  }

  /** The width its tiles have, in pixels. */
  get width(): number {
    return this.#tiles.clientWidth;
  }

  /** Shows a host as it is now. */
  update(host: Host | undefined, instances: ReadonlyMap<string, Instance>, marks: Marks): void {
    this.#flag.textContent = flagOf(host);
    const name = this.element.dataset.host ?? '';
    this.element.classList.toggle('breached', marks.breached.has(name));
    const busy = [...instances.values()].filter((instance) => instance.task_state !== null).length;
    this.#summary.textContent = `${instances.size} instance${instances.size === 1 ? '' : 's'}${busy === 0 ? '' : `, ${busy} busy`}`;
    this.#count = instances.size;
    this.#reserve();
    this.#updateBars(host, instances);
    if (this.#near) this.#updateTiles(instances, marks);
    else this.#clearTiles();
  }

  #reserve(): void {
    this.#tiles.style.minHeight = `${Math.ceil(this.#count / this.#perRow) * TILE}px`;
  }

  /** How much of what placement lets be claimed the instances were promised. */
  #updateBars(host: Host | undefined, instances: ReadonlyMap<string, Instance>): void {
    const nodes = host?.nodes ?? [];
    const flavors = [...instances.values()].flatMap(({ flavor }) => (flavor === null ? [] : [flavor]));
    for (const [i, { resourceClass, key }] of BARS.entries()) {
      const size = total(nodes, (node) => capacity(node.provider?.inventories[resourceClass]) ?? node[key]);
      this.#bars[i]?.show(
        total(flavors, (flavor) => flavor[key]),
        size,
      );
    }
  }

  #updateTiles(instances: ReadonlyMap<string, Instance>, { moved, breached }: Marks): void {
    for (const [uuid, tile] of this.#shown) {
      if (instances.has(uuid)) continue;
      tile.parentElement?.remove();
      this.#shown.delete(uuid);
    }
    for (const [uuid, instance] of instances) {
      const tile = this.#shown.get(uuid) ?? this.#addTile(uuid);
      const state = instance.state ?? 'unknown';
      const arrived = moved.has(uuid) || tile.classList.contains('arrived');
      const marks = { task: instance.task_state !== null, arrived, breached: breached.has(uuid) };
      const set = Object.entries(marks).flatMap(([mark, isSet]) => (isSet ? [mark] : []));
      tile.className = ['tile', state, ...set].join(' ');
      const label = `${labelOf(instance)}${marks.breached ? ', breached' : ''}`;
      if (tile.title === label) continue;
      tile.title = label;
      tile.setAttribute('aria-label', label);
    }
  }

  #addTile(uuid: string): HTMLElement {
    const tile = make('a', 'tile');
    tile.dataset.uuid = uuid;
    tile.href = `/model/instances/${encodeURIComponent(uuid)}?explain=true`;
    tile.tabIndex = -1;
    tile.addEventListener('animationend', () => tile.classList.remove('arrived'));
    const item = make('li');
    item.append(tile);
    this.#tiles.append(item);
    this.#shown.set(uuid, tile);
    return tile;
  }

  #clearTiles(): void {
    if (this.#shown.size === 0) return;
    this.#tiles.replaceChildren();
    this.#shown.clear();
  }
}

function labelOf({ name, uuid, state, task_state, flavor }: Instance): string {
  const doing = task_state === null ? '' : `, ${task_state}`;
  return `${name ?? uuid}: ${state ?? 'unknown'}${doing}${flavor === null ? '' : `, ${flavor.name}`}`;
}

function flagOf(host: Host | undefined): string {
  if (host === undefined) return '';
  const { service, up } = host;
  if (service?.forced_down === true) return 'forced down';
  if (up === false) return 'down';
  return service?.disabled === true ? 'disabled' : '';
}

/** What can be claimed: more than there is, where the operator says so. */
function capacity(inventory: Inventory | undefined): number | undefined {
  return inventory && (inventory.total - inventory.reserved) * inventory.allocation_ratio;
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
