import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { compareRevisions, makeRevision, NO_REVISION, parseRevision, type Revision } from '../../revision.ts';
import { connectionOptions, describe, type RedisAddress } from './address.ts';
import { cleanError, isPassing, isRefusedAccess } from './failure.ts';
import type { CloudKeys } from './keys.ts';
import { CLOCK_LENGTH } from './pack.ts';
import { JOIN, runScript } from './scripts.ts';
import { parseInfo, unsupported } from './server-info.ts';

/** What a link needs to know of its store. */
export interface LinkOptions {
  readonly address: RedisAddress;
  readonly keys: CloudKeys;
  /** How many changes the stream keeps, about. */
  readonly retention: number;
  /** Told once an outage, and again when its reason changes. */
  readonly onProblem: (text: string) => void;
}

/** What a call of join.lua did. */
export interface Joined {
  readonly head: Revision;
  readonly won: number;
}

/** Commands on a connection to the server run that is named. */
type Commands<T> = (redis: Redis, serverRun: string) => Promise<T>;

/** A connection to one server process, which its run id names. */
interface Connection {
  readonly redis: Redis;
  readonly serverRun: string;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 3_000;
/** No call takes that long: the server or the way to it hangs. */
const COMMAND_TIMEOUT_MS = 30_000;
/** How long closing waits for calls under way. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * One connection at a time to a Redis, made again whenever it breaks. Before a new connection is used join.lua compares
 * what was read before with what the server has now, so that a server that lost data begins a new epoch first.
 */
export class Link {
  /** The address without credentials. */
  readonly where: string;
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  readonly #active = new Set<Promise<unknown>>();
  #connection: Promise<Connection> | null = null;
  #wasConnected = false;
  #known: Revision = NO_REVISION;
  /** The server run in which it became known. */
  #knownRun = '';
  #problem: string | null = null;
  #failures = 0;
  #pausing: Promise<void> | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.where = describe(options.address);
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Takes note of a revision read over this link; a server that does not hold it later has lost data. */
  saw(revision: Revision): void {
    if (compareRevisions(this.#known, revision) < 0) this.#known = revision;
  }

  /** Calls join.lua; an empty batch only tells the head. */
  join(batch: string): Promise<Joined> {
    return this.run((redis, serverRun) => this.#join(redis, serverRun, batch));
  }

  /**
   * Runs commands, and again on a new connection whenever the connection breaks or Redis cannot serve them now, so they
   * must do no harm when run twice. Rejects when Redis refuses them for good and when the link is closed.
   */
  run<T>(commands: Commands<T>): Promise<T> {
    const running = this.#attempts(commands);
    this.#active.add(running);
    const settled = (): void => void this.#active.delete(running);
    running.then(settled, settled);
    return running;
  }

  /** Lets calls under way end, for a while, then rejects what is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    const settled = Promise.allSettled([...this.#active]);
    const patience = new AbortController();
    const late = sleep(CLOSE_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([settled, late]);
    patience.abort();
    this.cut();
  }

  /** Closes at once: what waits for an answer rejects. */
  cut(): void {
    this.#closing.abort();
    this.#connection?.then(({ redis }) => redis.disconnect()).catch(() => undefined);
  }

  /** Runs commands once, on the connection that there is or on a new one; rejects without credentials in the reason. */
  async once<T>(commands: Commands<T>): Promise<T> {
    try {
      return await this.#attempt(commands);
    } catch (error) {
      throw this.#clean(error);
    }
  }

  async #attempts<T>(commands: Commands<T>): Promise<T> {
    for (;;) {
      try {
        const result = await this.#attempt(commands);
        [this.#failures, this.#problem] = [0, null];
        return result;
      } catch (error) {
        if (this.closed) throw this.#closedError();
        if (!this.#mayPass(error)) throw this.#clean(error);
        this.#tell(this.#clean(error).message);
      }
      this.#pausing ??= this.#pause();
      await this.#pausing;
    }
  }

  async #attempt<T>(commands: Commands<T>): Promise<T> {
    if (this.closed) throw this.#closedError();
    this.#connection ??= this.#connect();
    const connection = this.#connection;
    try {
      const { redis, serverRun } = await connection;
      return await commands(redis, serverRun);
    } catch (error) {
      this.#drop(connection);
      throw error;
    }
  }

  /** A client that does not connect again by itself: another server process may answer then. */
  async #connect(): Promise<Connection> {
    const redis = new Redis({
      ...connectionOptions(this.#options.address),
      connectionName: 'vigil',
      protocol: 2,
      lazyConnect: true,
      retryStrategy: () => null,
      enableReadyCheck: false,
      commandTimeout: COMMAND_TIMEOUT_MS,
    });
    let failure: Error | undefined;
    redis.on('error', (error) => {
      failure ??= error;
    });
    const abandon = (): void => redis.disconnect();
    this.#closing.signal.addEventListener('abort', abandon);
    try {
      await redis.connect();
      const info = parseInfo(await redis.info('server'));
      const reason = unsupported(info);
      if (reason !== null) throw new RangeError(reason);
      const serverRun = info.get('run_id') ?? '';
      await this.#join(redis, serverRun, '');
      this.#knownRun = serverRun;
      this.#wasConnected = true;
      return { redis, serverRun };
    } catch (error) {
      redis.disconnect();
      throw failure ?? error;
    } finally {
      this.#closing.signal.removeEventListener('abort', abandon);
    }
  }

  async #join(redis: Redis, serverRun: string, batch: string): Promise<Joined> {
    const { keys, retention } = this.#options;
    const known = parseRevision(this.#known) ?? { epoch: 0, seq: 0 };
    const reply = await runScript(
      redis,
      JOIN,
      [keys.state, keys.stream, keys.elements],
      [known.epoch, known.seq, this.#knownRun, serverRun, retention, CLOCK_LENGTH, batch],
    );
    const [epoch, seq, won] = reply as [number, number, number];
    const head = makeRevision(epoch, seq);
    this.saw(head);
    return { head, won };
  }

  #drop(connection: Promise<Connection>): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    connection.then(({ redis }) => redis.disconnect()).catch(() => undefined);
  }

  /** Refused access is waited out too once it was granted: an operator is changing something. */
  #mayPass(error: unknown): boolean {
    return isPassing(error) || (this.#wasConnected && isRefusedAccess(error));
  }

  #tell(problem: string): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    this.#options.onProblem(problem);
  }

  /** One pause for all that wait, longer with each failure since something worked. */
  async #pause(): Promise<void> {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    const pause = sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#closing.signal });
    await pause.catch(() => undefined);
    this.#pausing = null;
  }

  #clean(error: unknown): Error {
    return cleanError(error, this.#options.address, this.#wasConnected);
  }

  #closedError(): Error {
    return new Error(`the model's store at ${this.where} is closed`);
  }
}
