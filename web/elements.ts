/** Elements as `/model/changes` shows them; only what the page uses. */
export interface Instance {
  readonly uuid: string;
  readonly name: string | null;
  readonly host: string | null;
  readonly state: string | null;
  readonly task_state: string | null;
  readonly flavor: { readonly name: string; readonly vcpus: number; readonly memory_mb: number } | null;
}

export interface Host {
  readonly name: string;
  readonly service: {
    readonly disabled: boolean;
    readonly disabled_reason: string | null;
    readonly forced_down: boolean;
  } | null;
  readonly up: boolean | null;
  readonly nodes: readonly Node[];
}

export interface Node {
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly provider: { readonly inventories: { readonly [resourceClass: string]: Inventory } } | null;
}

export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
}

/** A `change` event. */
export interface Change {
  readonly revision: string;
  readonly kind: 'host' | 'instance' | 'aggregate' | 'server_group';
  readonly id: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly string[];
  readonly before: { readonly [field: string]: unknown } | null;
  readonly after: { readonly [field: string]: unknown } | null;
  readonly cause: { readonly event: string; readonly publisher: string; readonly at: string } | null;
}

/** A `snapshot` event: part 0 begins a new one. */
export interface SnapshotPart {
  readonly revision: string;
  readonly part: number;
  readonly kind: Change['kind'];
  readonly elements: readonly unknown[];
}
