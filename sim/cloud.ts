import { Agenda } from './clock/agenda.ts';
import { MILLISECOND, type Micros, SECOND } from './clock/time.ts';
import type { CloudOptions } from './options.ts';
import { Random } from './random.ts';
import { Aggregates } from './state/aggregates.ts';
import { Allocations } from './state/allocations.ts';
import { Instances } from './state/instances.ts';
import { Migrations } from './state/migrations.ts';
import { Scheduler } from './state/placement.ts';
import type { Actor, Flavor, Host, Image, Instance, InstanceRow, ServerGroup } from './state/types.ts';
import type { Emission } from './wire/envelope.ts';
import { hasBlockDevices, type InstanceNotice, instancePayload } from './wire/instance.ts';

/** What is under way: yields how many milliseconds pass before it goes on. */
export type Process = Generator<number, void, void>;

/** An API request, or a periodic task when there is no actor: what all its notifications have in common. */
export interface Request {
  readonly id: string;
  readonly actor: Actor | null;
}

/** The columns that a save changes. */
export type RowChanges = Partial<Omit<InstanceRow, 'uuid' | 'updatedAt'>>;

/** What is known of a cloud before it lives. */
export interface Fabric {
  readonly hosts: readonly Host[];
  readonly flavors: readonly Flavor[];
  readonly images: readonly Image[];
  readonly admin: Actor;
  readonly tenants: readonly Actor[];
  readonly cellUuid: string;
}

/**
 * The simulated nova: its database, its clock, and the three things that its processes do with an instance: read a copy
 * of the row, save it (which sends `instance.update`), and notify with whatever copy they hold.
 */
export class Cloud {
  readonly options: CloudOptions;
  readonly fabric: Fabric;
  readonly hosts = new Map<string, Host>();
  /** By the uuid of the compute node, which is the resource provider. */
  readonly providers = new Map<string, Host>();
  readonly instances = new Instances();
  readonly allocations = new Allocations();
  readonly aggregates = new Aggregates();
  readonly groups = new Map<string, ServerGroup>();
  readonly migrations = new Migrations();
  readonly scheduler: Scheduler;
  /** Decides what happens. */
  readonly random: Random;
  /** Makes ids that do not matter to what happens, so that leaving messages out changes nothing else. */
  readonly ids: Random;
  readonly #agenda = new Agenda();
  readonly #listeners: ((emission: Emission) => void)[] = [];
  #skew: (sender: string) => Micros = () => 0;
  #now: Micros;
  #underWay = 0;

  constructor(options: CloudOptions, fabric: Fabric) {
    this.options = options;
    this.fabric = fabric;
    this.random = new Random(options.seed);
    this.ids = new Random(options.seed + 1);
    this.#now = options.start * MILLISECOND;
    for (const host of fabric.hosts) {
      this.hosts.set(host.name, host);
      this.providers.set(host.nodeUuid, host);
    }
    this.scheduler = new Scheduler(fabric.hosts, this.instances, this.allocations, this.aggregates);
  }

  /** Virtual time. */
  get now(): Micros {
    return this.#now;
  }

  /** Virtual time in whole seconds. */
  get second(): number {
    return Math.floor(this.#now / SECOND);
  }

  /** Operations begun and not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  onEmission(listener: (emission: Emission) => void): void {
    this.#listeners.push(listener);
  }

  /** How far each sender's clock is off. */
  setSkew(skew: (sender: string) => Micros): void {
    this.#skew = skew;
  }

  at(time: Micros, run: () => void): void {
    this.#agenda.add(Math.max(time, this.#now), run);
  }

  /** Does what is due next, moving time to it; false when nothing is due until `until`. */
  step(until: Micros): boolean {
    const next = this.#agenda.next;
    if (next === undefined || next > until) return false;
    const entry = this.#agenda.take();
    if (entry === undefined) return false;
    this.#now = entry.at;
    entry.run();
    return true;
  }

  /** Moves time on to `until`, with all that happens on the way. */
  advanceTo(until: Micros): void {
    while (this.step(until));
    this.#now = Math.max(this.#now, until);
  }

  request(actor: Actor | null): Request {
    return { id: `req-${this.ids.uuid()}`, actor };
  }

  /** A machine that runs nova-api and nova-conductor. */
  controller(): string {
    const { controllers } = this.options;
    return controllers === 1 ? 'controller' : `controller-${1 + this.ids.int(controllers)}`;
  }

  /**
   * Begins an operation; its first part happens at once, as the API does it before it answers. Other operations leave
   * the instance alone until it has ended.
   */
  begin(process: Process, instance: Instance | null = null): void {
    this.#underWay++;
    if (instance !== null) instance.busy = true;
    this.run(process, () => {
      this.#underWay--;
      if (instance !== null) instance.busy = false;
    });
  }

  /** Runs a process, its waits stretched or shortened by chance; `ended` is called after its last step. */
  run(process: Process, ended: () => void = () => {}): void {
    const next = process.next();
    if (next.done === true) {
      ended();
      return;
    }
    const wait = Math.round(next.value * MILLISECOND * (0.7 + 0.6 * this.random.float()));
    this.at(this.#now + wait, () => this.run(process, ended));
  }

  /** A copy of the row as a process reads it now. */
  read(instance: Instance): InstanceRow {
    return { ...instance.row, updatedAt: instance.updatedAt };
  }

  /**
   * `Instance.save()`: writes the changed columns and sends `instance.update`. What the saving process then holds has
   * the `updated_at` of before (oslo.db does not bring the new value back).
   */
  save(request: Request, instance: Instance, changes: RowChanges): InstanceRow {
    const old = instance.row;
    const row = { ...old, ...changes, updatedAt: instance.updatedAt };
    this.instances.replace(instance, row);
    instance.updatedAt = this.second;
    this.announce(request, row, old);
    return row;
  }

  /** Sends `instance.update` about a row; by the conductor itself, or in the name of nova-compute when it saved it. */
  announce(request: Request, row: InstanceRow, old: InstanceRow, source = 'nova-compute'): void {
    if (this.options.stateChange === 'none') return;
    this.#update(request, row, old, source);
  }

  /** nova-api's `instance.update` about tags, which is sent whatever is configured. */
  announceTags(request: Request, row: InstanceRow): void {
    this.#update(request, row, row, 'nova-api');
  }

  #update(request: Request, row: InstanceRow, old: InstanceRow, source: string): void {
    const notice = {
      ...this.#notice(request, row, this.options.blockDevices),
      old: {
        state: old.state,
        taskState: old.taskState,
        displayName: old.displayName === row.displayName ? null : old.displayName,
      },
      sent: this.second,
    };
    this.emit(request, 'instance.update', `${source}:${this.controller()}`, instancePayload('update', notice));
  }

  /** `instance.<event>` by nova-compute on a host. */
  notify(request: Request, event: string, host: string, row: InstanceRow, extra: Partial<InstanceNotice> = {}): void {
    this.notifyAs(request, event, `nova-compute:${host}`, row, extra);
  }

  /** `instance.<event>` by anyone. */
  notifyAs(
    request: Request,
    event: string,
    publisherId: string,
    row: InstanceRow,
    extra: Partial<InstanceNotice> = {},
  ): void {
    const blockDevices = this.options.blockDevices || hasBlockDevices(event);
    const notice = { ...this.#notice(request, row, blockDevices), sent: this.second, ...extra };
    const priority = event.endsWith('.error') ? 'ERROR' : 'INFO';
    this.emit(request, `instance.${event}`, publisherId, instancePayload(event, notice), priority);
  }

  #notice(request: Request, row: InstanceRow, blockDevices: boolean): InstanceNotice {
    const { actor } = request;
    return {
      row,
      requestId: actor === null ? null : request.id,
      initiatorUser: actor === null ? null : actor.userId,
      initiatorProject: actor === null ? null : actor.projectId,
      blockDevices,
    };
  }

  emit(
    request: Request,
    eventType: string,
    publisherId: string,
    payload: string,
    priority: Emission['priority'] = 'INFO',
  ): void {
    const emission: Emission = {
      eventType,
      publisherId,
      priority,
      payload,
      time: this.#now + this.#skew(publisherId.slice(publisherId.indexOf(':') + 1)),
      messageId: this.ids.uuid(),
      uniqueId: this.ids.hex(),
      requestId: request.id,
      actor: request.actor,
    };
    for (const listener of this.#listeners) listener(emission);
  }
}
