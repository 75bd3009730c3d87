import type { Host } from '../../model/host.ts';
import { flag, text } from '../json-schema.ts';
import { setService } from '../propose.ts';
import type { ProposedAction, Strategy, StrategyInput } from '../strategy.ts';
import { StrategyError } from '../strategy-error.ts';
import { type Decided, Evacuation, type EvacuationTarget } from './evacuation.ts';

/** Shown by nova beside the disabled service. */
const DISABLED_REASON = 'Vigil: host maintenance';

/** Empties a host, so that people can work on it. */
export const hostMaintenance: Strategy = {
  name: 'host_maintenance',
  displayName: 'Host Maintenance Strategy',
  goal: 'cluster_maintaining',
  description: 'Disables the service of a host, then moves or stops what is on it, each instance as its state admits.',
  parameters: {
    properties: {
      maintenance_node: text('Name of the host to be emptied.'),
      backup_node: text('Name of a host that takes its instances; left out, nova chooses a host for each.'),
      disable_live_migration: flag('Move nothing while it runs: running instances are moved cold, or stopped.', {
        default: false,
      }),
      disable_cold_migration: flag('Move nothing that is stopped.', { default: false }),
    },
    required: ['maintenance_node'],
  },
  needs: [],
  exhaustive: true,
  plan: (input) => {
    const { view, scope, parameters } = input;
    const host = hostNamed('maintenance_node', input);
    const backup = parameters.backup_node === undefined ? null : hostNamed('backup_node', input);
    if (backup?.name === host.name) throw new StrategyError('backup-is-target', { host: host.name });
    const actions: ProposedAction[] = [];
    if (host.service?.disabled !== true) {
      actions.push(setService(host, DISABLED_REASON, `Nothing shall come to ${host.name} any more.`));
      view.setService(host.name, true, DISABLED_REASON);
    }
    if (backup?.service?.disabled === true) {
      actions.push(setService(backup, null, `${backup.name} is to take what is on ${host.name}.`));
      view.setService(backup.name, false, null);
    }
    const kinds = {
      live: parameters.disable_live_migration !== true,
      cold: parameters.disable_cold_migration !== true,
    };
    const to = (target: EvacuationTarget): Decided =>
      new Evacuation(view.fork(), scope, host.name, { ...kinds, target }).decide();
    let { moves, rejected } = to(
      backup === null ? { kind: 'nova', unsure: false } : { kind: 'backup', host: backup.name },
    );
    // The backup has not room for all: nova is left to find a host for each.
    if (backup !== null && rejected.some(({ code }) => code === 'no-host'))
      ({ moves, rejected } = to({ kind: 'nova', unsure: true }));
    return { actions: [...actions, ...moves], indicators: [], globalEfficacy: [], rejected };
  },
};

/** The host a parameter names. @throws StrategyError when it is not known, or out of scope */
function hostNamed(parameter: string, { view, scope, parameters }: StrategyInput): Host {
  const name = String(parameters[parameter]);
  const host = view.host(name);
  if (host === undefined || host.service === null) throw new StrategyError('host-unknown', { parameter, host: name });
  if (!scope.hasHost(name)) throw new StrategyError('host-out-of-scope', { parameter, host: name });
  return host;
}
