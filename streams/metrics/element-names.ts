import type { Host } from '../../model/host.ts';
import type { Instance } from '../../model/instance.ts';
import type { ModelChange } from '../../model/live-model.ts';
import { Multimap } from '../../model/multimap.ts';
import type { View } from '../../model/view.ts';

/**
 * What hosts and instances are called besides their own names, kept in step with the model: a host by its nodes and by short
 * names, an instance by its hypervisor's name for it.
 */
export class ElementNames {
  #hosts = new Multimap();
  #instances = new Multimap();

  /** Begins anew with everything the model has. */
  load(model: View): void {
    this.#hosts = new Multimap();
    this.#instances = new Multimap();
    for (const host of model.hosts()) for (const name of namesOfHost(host)) this.#hosts.add(name, host.name);
    for (const instance of model.instances()) {
      for (const name of namesOfInstance(instance)) this.#instances.add(name, instance.uuid);
    }
  }

  observe({ kind, id, before, after }: ModelChange): void {
    if (kind === 'host') rename(this.#hosts, id, namesOfHost(before as Host | null), namesOfHost(after as Host | null));
    if (kind !== 'instance') return;
    rename(this.#instances, id, namesOfInstance(before as Instance | null), namesOfInstance(after as Instance | null));
  }

  /** Hosts that are called so: in full, or else in short. */
  hosts(name: string): ReadonlySet<string> {
    const lower = name.toLowerCase();
    const exact = this.#hosts.get(lower);
    return exact.size > 0 ? exact : this.#hosts.get(short(lower));
  }

  /** Instances that their hypervisors call so: several where cells count alike. */
  instances(domain: string): ReadonlySet<string> {
    return this.#instances.get(domain);
  }
}

/** The names are of no case, as those of the DNS are. */
function namesOfHost(host: Host | null): readonly string[] {
  if (host === null) return [];
  const full = [host.name, ...host.nodes.map(({ name }) => name)].map((name) => name.toLowerCase());
  return [...new Set([...full, ...full.map(short)])];
}

function namesOfInstance(instance: Instance | null): readonly string[] {
  return instance === null || instance.domain === null ? [] : [instance.domain];
}

function short(name: string): string {
  const dot = name.indexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

function rename(index: Multimap, id: string, before: readonly string[], after: readonly string[]): void {
  for (const name of before) if (!after.includes(name)) index.delete(name, id);
  for (const name of after) index.add(name, id);
}
