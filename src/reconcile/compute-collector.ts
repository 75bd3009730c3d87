import { isApiError } from '../openstack/errors.ts';
import { AbsenceRule, askForSuspects, forEachAtOnce, type Suspects } from './absence.ts';
import type { Collector, PassKind, Target } from './collector.ts';
import { readAggregates, readServerGroups } from './groupings.ts';
import { nodesOf, readHypervisors, readNodesOf, readServices, readServicesOf } from './hosts.ts';
import { readMigrationOf, readMigrations, readMigrationsOf } from './migrations.ts';
import type { Pass } from './pass.ts';
import { readProviders, readProvidersOf } from './providers.ts';
import { readAllServers, readChangedServers, readServer, readServersOf } from './servers.ts';
import { Touched } from './touched.ts';

const MICROS_PER_SECOND = 1_000_000;
/**
 * How far an increment reaches back behind the start of the one before: rows are saved with the clocks of many conductors,
 * and a save takes its time until others see it.
 */
const OVERLAP = 120 * MICROS_PER_SECOND;
/** Hosts whose claims, and instances whose migrations, are read at once; the others wait for the next time. */
const TOUCHED_AT_ONCE = 20;

/** What is touched then is read at once. */
const LONG_AGO = 0;

/** Reads nova and placement. */
export class ComputeCollector implements Collector {
  readonly name = 'compute';
  #absences = new AbsenceRule();
  readonly #touchedHosts = new Touched();
  readonly #touchedInstances = new Touched();
  /** Hosts that had no node when hypervisors were read for them. */
  readonly #bare = new Set<string>();
  /** Up to when changes were read, in nova's clock; null before all servers were listed once. */
  #changedUntil: number | null = null;

  begin(): void {
    this.#absences = new AbsenceRule();
    this.#changedUntil = null;
  }

  async run(kind: PassKind, pass: Pass): Promise<boolean> {
    switch (kind) {
      case 'full':
        return this.#full(pass);
      case 'changes':
        return this.#changes(pass);
      case 'services':
        return this.#services(pass, 'services');
      case 'touched':
        return this.#readTouched(pass);
    }
  }

  async read(target: Target, pass: Pass): Promise<boolean> {
    if (target.kind === 'host') return readHost(pass, target.id);
    const found = await readServer(pass, target.id);
    if (found) await readMigrationOf(pass, target.id);
    return found;
  }

  touch({ kind, id }: Target, now: number): void {
    (kind === 'host' ? this.#touchedHosts : this.#touchedInstances).add(id, now);
  }

  passOver(now: number): void {
    for (const touched of [this.#touchedHosts, this.#touchedInstances]) touched.take(Number.POSITIVE_INFINITY, now);
  }

  held(): ReadonlyMap<string, number> {
    return this.#absences.held();
  }

  confirmAbsences(): void {
    this.#absences.confirm();
  }

  async #full(pass: Pass): Promise<boolean> {
    const now = pass.parts.timing.now();
    this.#touchedHosts.allRead(now);
    this.#touchedInstances.allRead(now);
    this.#bare.clear();
    const done = [
      await this.#services(pass, 'full'),
      await pass.attempt('Reading hypervisors', async () => this.#ask(pass, await readHypervisors(pass))),
      await this.#groupings(pass),
      await pass.attempt('Reading servers', async () => {
        const { suspects, start } = await readAllServers(pass);
        this.#changedUntil = start;
        await this.#ask(pass, suspects);
      }),
      await pass.attempt('Reading migrations', () => readMigrations(pass)),
    ];
    await pass.replicated();
    await tryPlacement(pass, () => readProviders(pass, [...nodesOf(pass.parts.model.hosts())]));
    const complete = done.every(Boolean);
    if (complete) this.#absences.passed();
    return complete;
  }

  async #changes(pass: Pass): Promise<boolean> {
    const since = this.#changedUntil;
    if (since === null) return true;
    const done = [
      await this.#services(pass, 'changes'),
      await this.#groupings(pass),
      await pass.attempt('Reading changed servers', async () => {
        this.#changedUntil = await readChangedServers(pass, since - OVERLAP);
      }),
      await pass.attempt('Reading migrations', () => readMigrations(pass)),
    ];
    return done.every(Boolean);
  }

  /** Reads services and, for hosts that are new, hypervisors. What is missing is asked for in all but the frequent polls. */
  async #services(pass: Pass, kind: PassKind): Promise<boolean> {
    let seesAll = true;
    const read = await pass.attempt('Reading services', async () => {
      const { suspects, hostsDown, hostsBare } = await readServices(pass, kind !== 'full');
      if (hostsDown.length > 0) {
        seesAll = false;
        pass.problem(
          `${hostsDown.length} hosts are in a cell that is down (${hostsDown.slice(0, 3).join(', ')}): ` +
            'what is there is kept as it was last known. Look into the database and message queue of that cell.',
        );
      }
      if (kind !== 'services') await this.#ask(pass, suspects);
      if (kind !== 'full') await this.#readNew(pass, hostsBare);
    });
    return read && seesAll;
  }

  /** Reads the nodes of hosts that have none yet; those that have none in nova either are not asked for again. */
  async #readNew(pass: Pass, hosts: readonly string[]): Promise<void> {
    const unread = hosts.filter((host) => !this.#bare.has(host));
    if (unread.length === 0) return;
    await readHypervisors(pass);
    for (const host of unread) {
      this.#bare.add(host);
      this.#touchedHosts.add(host, LONG_AGO);
    }
  }

  async #groupings(pass: Pass): Promise<boolean> {
    const aggregates = await pass.attempt('Reading aggregates', async () =>
      this.#ask(pass, await readAggregates(pass)),
    );
    const groups = await pass.attempt('Reading server groups', async () =>
      this.#ask(pass, await readServerGroups(pass)),
    );
    return aggregates && groups;
  }

  /**
   * Reads the claims of hosts and the migrations of instances to which something happened a moment ago, and of instances that
   * are new what they were asked to be placed by.
   */
  async #readTouched(pass: Pass): Promise<boolean> {
    const { model, timing } = pass.parts;
    const instances = this.#touchedInstances.take(TOUCHED_AT_ONCE, timing.now());
    const isNew = (uuid: string): boolean => model.instance(uuid)?.constraints === null;
    const done = await pass.attempt('Reading what happened to instances', async () => {
      await forEachAtOnce(instances.filter(isNew), pass.parts.options.atOnce, async (uuid) => {
        await readServer(pass, uuid);
      });
      await readMigrationsOf(pass, instances);
    });
    const hosts = this.#touchedHosts.take(TOUCHED_AT_ONCE, timing.now());
    const known = hosts.map((name) => model.host(name)).filter((host) => host !== undefined);
    const claims = await tryPlacement(pass, () => readProvidersOf(pass, [...nodesOf(known)]), 'silently');
    // What could not be read waits for the next time.
    if (!done) for (const id of instances) this.#touchedInstances.add(id, timing.now());
    if (!claims) for (const id of hosts) this.#touchedHosts.add(id, timing.now());
    return done && claims;
  }

  #ask(pass: Pass, suspects: Suspects): Promise<void> {
    return askForSuspects(pass, this.#absences, suspects);
  }
}

/** Reads one host with all that is on it. */
async function readHost(pass: Pass, host: string): Promise<boolean> {
  const known = pass.parts.model.host(host) !== undefined;
  const found = await readServicesOf(pass, host);
  if (!known && !found) return false;
  await readNodesOf(pass, host);
  await readServersOf(pass, host);
  await pass.replicated();
  const now = pass.parts.model.host(host);
  await tryPlacement(pass, () => readProvidersOf(pass, now === undefined ? [] : [...nodesOf([now])]));
  return true;
}

/** A cloud without placement is still known; what it lacks is told. */
async function tryPlacement(pass: Pass, work: () => Promise<void>, lacking?: 'silently'): Promise<boolean> {
  return pass.attempt('Reading placement', async () => {
    try {
      await work();
    } catch (error) {
      if (!isApiError(error, 'no-endpoint')) throw error;
      if (lacking !== 'silently')
        pass.problem(`What hosts have to give and what is claimed of them is not known: ${error.message}`);
    }
  });
}
