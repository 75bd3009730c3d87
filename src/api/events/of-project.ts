import type { LiveModel } from '../../../model/live-model.ts';
import type { CloudEvent } from '../../events/cloud-event.ts';

/**
 * Whether an event concerns an instance of a project and nothing of others. Audits and plans name whatever they are about, so
 * they are no project's; breaches say whose they are, and actions are so as long as their instance is there.
 */
export function isOfProject({ type, data }: CloudEvent, project: string, model: LiveModel): boolean {
  switch (type) {
    case 'vigil.breach.opened':
    case 'vigil.breach.ended':
      return data.project === project;
    case 'vigil.action.changed':
      return model.instance(instanceOf(data))?.identity?.project_id === project;
    default:
      return false;
  }
}

function instanceOf({ input_parameters: parameters }: CloudEvent['data']): string {
  return String((parameters as { readonly resource_id?: unknown } | undefined)?.resource_id ?? '');
}
