import type { Host, Node } from '../../model/host.ts';
import type { Instance } from '../../model/instance.ts';
import type { View } from '../../model/view.ts';
import { shownZoneOfHost } from '../../model/zone.ts';
import type { Finding } from './reason.ts';

/** nova's two ways of moving an instance: while it runs, or stopped in between. */
export const MOVE_KINDS = ['live', 'cold'] as const;

export type MoveKind = (typeof MOVE_KINDS)[number];

/** An instance that may be moved, in one state of the view. */
export interface Move {
  readonly view: View;
  readonly instance: Instance;
  readonly kind: MoveKind;
}

/** What forbids or notes a move wherever it goes. */
export type InstanceRule = (move: Move) => readonly Finding[];

/** What forbids or notes a move to one host. */
export type TargetRule = (target: Target) => readonly Finding[];

/** What forbids or notes a move to some hosts: looked at once for the instance; null when it does not concern it. */
export type HostRule = (move: Move) => TargetRule | null;

/** A host an instance may be moved to; what aggregates say of it is put together when it is first asked for. */
export class Target {
  readonly host: Host;
  readonly view: View;
  #metadata: ReadonlyMap<string, ReadonlySet<string>> | null = null;

  constructor(view: View, host: Host) {
    this.view = view;
    this.host = host;
  }

  get name(): string {
    return this.host.name;
  }

  /** The one node; null when there is none, or several (ironic). */
  get node(): Node | null {
    return this.host.nodes.length === 1 ? (this.host.nodes[0] ?? null) : null;
  }

  /** The availability zone, as nova shows it. */
  get zone(): string {
    return shownZoneOfHost(this.name, this.view);
  }

  /** The metadata of all its aggregates: of each key all values, which nova separates by commas. */
  get metadata(): ReadonlyMap<string, ReadonlySet<string>> {
    this.#metadata ??= aggregateMetadata(this.name, this.view);
    return this.#metadata;
  }
}

const NO_METADATA: ReadonlyMap<string, ReadonlySet<string>> = new Map();

function aggregateMetadata(host: string, view: View): ReadonlyMap<string, ReadonlySet<string>> {
  let all: Map<string, Set<string>> | null = null;
  for (const { metadata } of view.aggregatesOf(host)) {
    for (const [key, text] of Object.entries(metadata)) {
      all ??= new Map();
      const values = all.get(key) ?? new Set();
      for (const value of text.split(',')) values.add(value.trim());
      all.set(key, values);
    }
  }
  return all ?? NO_METADATA;
}
