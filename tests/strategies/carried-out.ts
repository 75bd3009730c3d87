import type { PlannedAction } from '../../strategies/planner/plan.ts';
import { HOSTS, type RandomCloud, UUIDS } from './random-cloud.ts';

/**
 * Carries a plan out on a random cloud in one of the orders its dependencies allow, several actions at once, and returns
 * what any step broke. It knows nothing of constraints or planner: it adds up what is on each host, with both ends of a move
 * under way. Where nova chooses, it chooses what was foreseen. `choose` picks one of so many next things to happen.
 */
export function brokenBy(
  cloud: RandomCloud,
  actions: readonly PlannedAction[],
  choose: (count: number) => number,
): string[] {
  const broken: string[] = [];
  const cloudNow = new Places(cloud);
  const waiting = new Set(actions.keys());
  const running = new Set<number>();
  const ended = new Set<number>();
  while (waiting.size + running.size > 0) {
    const ready = [...waiting].filter((i) => actions[i]?.parents.every((parent) => ended.has(parent)) === true);
    const next = [...ready.map((i) => ({ i, begins: true })), ...[...running].map((i) => ({ i, begins: false }))];
    const chosen = next[choose(next.length)];
    if (chosen === undefined) return [...broken, 'nothing can go on'];
    const { i, begins } = chosen;
    const action = actions[i] as PlannedAction;
    if (begins) {
      waiting.delete(i);
      running.add(i);
      broken.push(...cloudNow.begin(action).map((what) => `${i}: ${what}`));
    } else {
      running.delete(i);
      ended.add(i);
      cloudNow.end(action);
    }
  }
  return broken;
}

class Places {
  readonly #cloud: RandomCloud;
  /** The hosts an instance takes room of: two while it is moved. */
  readonly #hosts = new Map<string, Set<string>>();
  readonly #states = new Map<string, string>();
  readonly #disabled = new Set<string>();

  constructor(cloud: RandomCloud) {
    this.#cloud = cloud;
    for (const [i, { host, state }] of cloud.instances.entries()) {
      this.#hosts.set(UUIDS[i] as string, new Set([HOSTS[host] as string]));
      this.#states.set(UUIDS[i] as string, state);
    }
    for (const [i, { disabled }] of cloud.hosts.entries()) if (disabled) this.#disabled.add(HOSTS[i] as string);
  }

  begin({ type, input, foreseen }: PlannedAction): string[] {
    const uuid = String(input.resource_id);
    const instance = this.#cloud.instances[UUIDS.indexOf(uuid as 'a')];
    if (type === 'migrate' && instance !== undefined) {
      const [from, to] = [String(input.source_node), String(input.destination_node ?? foreseen)];
      const broken: string[] = [];
      const state = this.#states.get(uuid) ?? '';
      const possible = input.migration_type === 'live' ? ['active', 'paused'] : ['active', 'stopped'];
      if (instance.locked) broken.push(`${uuid} is locked`);
      if (!possible.includes(state)) broken.push(`${uuid} is ${state}`);
      if (input.migration_type === 'live' && !instance.live) broken.push(`${uuid} does not want to be moved live`);
      if (this.#disabled.has(to)) broken.push(`${to} is disabled`);
      if ([...(this.#hosts.get(uuid) ?? [])].join() !== from) broken.push(`${uuid} is not on ${from}`);
      this.#hosts.get(uuid)?.add(to);
      return [...broken, ...this.#brokenOn(to, uuid)];
    }
    if (type === 'stop' && instance?.locked === true) return [`${uuid} is locked`];
    return [];
  }

  end({ type, input }: PlannedAction): void {
    const uuid = String(input.resource_id);
    if (type === 'migrate') this.#hosts.get(uuid)?.delete(String(input.source_node));
    if (type === 'stop') this.#states.set(uuid, 'stopped');
    if (type === 'start') this.#states.set(uuid, 'active');
    if (type !== 'change_nova_service_state') return;
    if (input.state === 'disabled') this.#disabled.add(uuid);
    else this.#disabled.delete(uuid);
  }

  #brokenOn(host: string, moved: string): string[] {
    const broken: string[] = [];
    const here = UUIDS.filter((uuid) => this.#hosts.get(uuid)?.has(host));
    const taken = here.reduce((sum, uuid) => sum + (this.#cloud.instances[UUIDS.indexOf(uuid)]?.vcpus ?? 0), 0);
    const most = this.#cloud.hosts[HOSTS.indexOf(host as 'h0')]?.vcpus ?? 0;
    if (taken > most) broken.push(`${host} has ${most} and gives ${taken}`);
    for (const group of this.#cloud.groups) {
      const members = group.members.map((i) => UUIDS[i] as string);
      if (!members.includes(moved)) continue;
      const together = members.filter((uuid) => this.#hosts.get(uuid)?.has(host));
      if (group.policy === 'anti-affinity' && together.length > group.most) broken.push(`${together} are together`);
      if (group.policy === 'affinity' && together.length < members.length) broken.push(`${members} are apart`);
    }
    return broken;
  }
}
