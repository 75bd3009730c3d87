import { make } from './dom.ts';
import type { Host, Instance, Inventory } from './elements.ts';
import { NOWHERE } from './replica.ts';

/**
 * A host with its instances. Its bars and tiles are kept only while it is near the visible part of the page, so that any
 * number of hosts can be shown.
 */
export class Card {
  readonly element = make('li', 'host');
  readonly #flag = make('span', 'flag');
  readonly #summary = make('p');
  readonly #load = make('div', 'load');
  readonly #tiles = make('ul', 'tiles');
  readonly #shown = new Map<string, HTMLElement>();
  #near = false;

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
    this.element.append(title, this.#summary, this.#load, this.#tiles);
  }

  /** Whether it is near the visible part of the page. */
  set near(near: boolean) {
    this.#near = near;
  }

  /** Shows a host as it is now; `moved` are instances that arrived just now. */
  update(host: Host | undefined, instances: ReadonlyMap<string, Instance>, moved: ReadonlySet<string>): void {
    this.#flag.textContent = flagOf(host);
    const busy = [...instances.values()].filter((instance) => instance.task_state !== null).length;
    this.#summary.textContent = `${instances.size} instance${instances.size === 1 ? '' : 's'}${busy === 0 ? '' : `, ${busy} busy`}`;
    if (this.#near) {
      this.#load.replaceChildren(...loadBars(host, instances.values()));
      this.#updateTiles(instances, moved);
    } else {
      this.#clearTiles();
    }
  }

  #updateTiles(instances: ReadonlyMap<string, Instance>, moved: ReadonlySet<string>): void {
    for (const [uuid, tile] of this.#shown) {
      if (instances.has(uuid)) continue;
      tile.parentElement?.remove();
      this.#shown.delete(uuid);
    }
    for (const [uuid, instance] of instances) {
      const tile = this.#shown.get(uuid) ?? this.#addTile(uuid);
      const state = instance.state ?? 'unknown';
      const arrived = moved.has(uuid) || tile.classList.contains('arrived');
      tile.className = ['tile', state, instance.task_state === null ? '' : 'task', arrived ? 'arrived' : '']
        .join(' ')
        .trim();
      const label = labelOf(instance);
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

/** How much of what placement lets be claimed the instances were promised; nothing when the host's size is not known. */
function loadBars(host: Host | undefined, instances: Iterable<Instance>): HTMLElement[] {
  const nodes = host?.nodes ?? [];
  if (nodes.length === 0) return [];
  const flavors = [...instances].flatMap(({ flavor }) => (flavor === null ? [] : [flavor]));
  return BARS.flatMap(({ name, resourceClass, key }) => {
    const size = total(nodes, (node) => capacity(node.provider?.inventories[resourceClass]) ?? node[key]);
    const used = total(flavors, (flavor) => flavor[key]);
    return size === 0 ? [] : loadBar(name, used, size);
  });
}

const BARS = [
  { name: 'CPU', resourceClass: 'VCPU', key: 'vcpus' },
  { name: 'memory', resourceClass: 'MEMORY_MB', key: 'memory_mb' },
] as const;

/** What can be claimed: more than there is, where the operator says so. */
function capacity(inventory: Inventory | undefined): number | undefined {
  return inventory && (inventory.total - inventory.reserved) * inventory.allocation_ratio;
}

function loadBar(name: string, used: number, of: number): HTMLElement[] {
  const percent = Math.round((100 * used) / of);
  const bar = make('div');
  bar.setAttribute('role', 'meter');
  bar.setAttribute('aria-label', name);
  bar.setAttribute('aria-valuenow', String(percent));
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  bar.title = `${name}: ${percent} % promised`;
  const filled = make('span');
  filled.style.width = `${Math.min(100, percent)}%`;
  bar.append(filled);
  return [make('span', '', name), bar];
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
