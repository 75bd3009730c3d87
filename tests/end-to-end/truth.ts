import type { TrueInstance } from '../../sim/index.ts';
import type { ShownInstance, Vigil } from './vigil.ts';

/** In what the model differs from the truth, one line an instance; only of the uuids given, when they are. */
export async function differences(
  vigil: Vigil,
  truth: readonly TrueInstance[],
  only?: ReadonlySet<string>,
): Promise<string[]> {
  const shown = new Map((await vigil.instances()).map((instance) => [instance.uuid, instance]));
  return truth
    .filter(({ uuid }) => only === undefined || only.has(uuid))
    .map((one) => difference(shown.get(one.uuid), one))
    .filter((text) => text !== null);
}

function difference(shown: ShownInstance | undefined, truth: TrueInstance): string | null {
  if (truth.deleted) return shown === undefined ? null : `${truth.uuid} is deleted, shown on ${shown.host}`;
  if (shown === undefined) return `${truth.uuid} is on ${truth.host}, not shown`;
  const wrong = (['host', 'node', 'state', 'task_state'] as const).filter((field) => shown[field] !== truth[field]);
  if (wrong.length === 0) return null;
  return `${truth.uuid}: ${wrong.map((field) => `${field} is ${truth[field]}, shown ${shown[field]}`).join(', ')}`;
}
