import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscriber } from 'rxjs';
import type { RawMessage, SourceEvent } from '../source.ts';
import { Assignment, type OwnPartition } from './kafka-assignment.ts';
import { type Consumer, type EachBatchPayload, type KafkaClient, kafkaClient } from './kafka-client.ts';
import { Commits } from './kafka-commits.ts';
import { explainKafkaError } from './kafka-errors.ts';
import { fetchOffsets, planStarts, type Start } from './kafka-offsets.ts';
import type { KafkaSettings } from './kafka-options.ts';
import type { CreditWindow } from './window.ts';

/** How often a topic that does not exist is looked for, in milliseconds. */
const TOPIC_CHECK_MS = 2_000;

/** How often the group hears of us while a batch waits for credit; kafkajs leaves out what is too soon. */
const HEARTBEAT_MS = 1_000;

/** A group that does not let us go in this time is not waited for; it finds out by itself. */
const CLOSE_TIMEOUT_MS = 10_000;

/** What the memberships of one subscription share. */
export interface KafkaContext {
  readonly settings: KafkaSettings;
  readonly window: CreditWindow;
  /** Topics that were seen not to exist. */
  readonly awaited: Set<string>;
  say(kind: SourceEvent['kind'], detail: string): void;
  /** The group has kept us for a while. */
  onHeld(): void;
}

/** One membership of the group: from joining it until it fails, a missing topic has come, or it is closed. */
export class KafkaSession {
  readonly #context: KafkaContext;
  readonly #subscriber: Subscriber<RawMessage>;
  readonly #client: KafkaClient;
  readonly #consumer: Consumer;
  readonly #commits: Commits;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #assignment: Assignment | undefined;
  #ready: Promise<void> = Promise.resolve();
  #reading = '';
  #troubled = false;

  constructor(context: KafkaContext, subscriber: Subscriber<RawMessage>) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#client = kafkaClient(context.settings, (text) => this.#trouble(text));
    this.#consumer = this.#client.consumer();
    this.#commits = new Commits(this.#consumer, this.#stop.signal);
  }

  /** Errors the subscriber when the membership fails; completes it when there are more topics to read. */
  open(): void {
    this.#running = this.#run().catch((error) => this.#subscriber.error(error));
  }

  /** Leaves the group, after what is acknowledged by now is committed. */
  async close(): Promise<void> {
    this.#assignment?.flush();
    this.#stop.abort();
    await Promise.race([this.#leave(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async #leave(): Promise<void> {
    await this.#running;
    await this.#commits.settled();
    this.#assignment?.close();
    // A connection that is lost already cannot be closed in good order, which nobody waits for.
    await this.#consumer.disconnect().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { settings } = this.#context;
    const topics = await this.#existingTopics();
    const consumer = this.#consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#onJoin(payload.memberAssignment, topics));
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#subscriber.error(payload.error));
    consumer.on(consumer.events.HEARTBEAT, () => this.#relief());
    if (this.#stop.signal.aborted) return;
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    if (this.#stop.signal.aborted) return;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#onBatch(payload),
    });
    if (topics.length < settings.topics.length) await this.#moreTopicsThan(topics);
  }

  /** Waits until there is at least one of the topics. */
  async #existingTopics(): Promise<string[]> {
    const { settings, awaited, say } = this.#context;
    let told = '';
    for (;;) {
      const existing = await this.#listTopics();
      const missing = settings.topics.filter((topic) => !existing.includes(topic));
      for (const topic of missing) awaited.add(topic);
      if (missing.length > 0 && told !== missing.join()) {
        told = missing.join();
        say(
          'waiting',
          `${settings.brokers.join(', ')}: there is no topic ${missing.join(', ')}, or it may not be described; nova creates each with its first message of that priority`,
        );
      }
      if (existing.length > 0 || this.#stop.signal.aborted) return existing;
      await this.#pause(TOPIC_CHECK_MS);
    }
  }

  /** Completes the subscriber when there is one more of the topics. */
  async #moreTopicsThan(topics: readonly string[]): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#pause(TOPIC_CHECK_MS);
      const existing = this.#stop.signal.aborted ? [] : await this.#listTopics();
      if (existing.length > topics.length) return this.#subscriber.complete();
    }
  }

  async #listTopics(): Promise<string[]> {
    const all = await this.#client.withAdmin((admin) => admin.listTopics());
    return this.#context.settings.topics.filter((topic) => all.includes(topic));
  }

  async #pause(milliseconds: number): Promise<void> {
    // Aborted: whoever waits looks at that next.
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  /** Whatever was ours is ours no more, even if it is given to us again: it is then read again from its last commit. */
  #onJoin(assigned: Assigned, topics: readonly string[]): void {
    const { window, say } = this.#context;
    this.#assignment?.close();
    this.#commits.drop();
    const assignment = new Assignment(window, this.#commits, () => say('caught-up', this.#reading));
    this.#assignment = assignment;
    this.#ready = this.#startsOf(assigned, topics).then((starts) => {
      if (this.#assignment === assignment) this.#begin(assignment, starts);
    });
    this.#ready.catch((error) => this.#subscriber.error(error));
  }

  async #startsOf(assigned: Assigned, topics: readonly string[]): Promise<Start[]> {
    const { settings, awaited } = this.#context;
    const offsets = await this.#client.withAdmin((admin) => fetchOffsets(admin, settings.group, topics));
    const starts = planStarts(offsets, settings.group, awaited);
    return starts.filter(({ topic, partition }) => assigned[topic]?.includes(partition));
  }

  #begin(assignment: Assignment, starts: readonly Start[]): void {
    const { settings, say } = this.#context;
    for (const start of starts.filter(({ moved }) => moved)) {
      const { topic, partition, offset } = start;
      this.#consumer.seek({ topic, partition, offset: String(offset) });
      // Committed before anything is read, so that a group that was new is none the next time.
      this.#commits.commit(start, offset);
    }
    const partitions = settings.topics.flatMap((topic) => listed(topic, starts)).join(', ');
    this.#reading = `${settings.brokers.join(', ')}: group ${settings.group} reads ${partitions || 'nothing, for it has more members than partitions'}`;
    say('connected', this.#reading);
    const gaps = new Set(starts.flatMap(({ gap }) => gap ?? []));
    if (gaps.size > 0) say('gap', [...gaps].join('; '));
    assignment.begin(starts);
  }

  async #onBatch({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const assignment = this.#assignment;
    await this.#ready;
    const ours = (): boolean =>
      this.#assignment === assignment && isRunning() && !isStale() && !this.#stop.signal.aborted;
    const partition = assignment?.partition(batch);
    if (partition === undefined || !ours()) return;
    await this.#follow(partition, BigInt(batch.firstOffset() ?? partition.next));
    const last = batch.messages.at(-1);
    let emitted: string | undefined;
    try {
      for (const message of batch.messages) {
        if (!this.#context.window.open) await this.#credit(heartbeat);
        if (!ours()) return;
        const upTo = BigInt(message === last ? batch.lastOffset() : message.offset) + 1n;
        this.#subscriber.next(partition.message(message, upTo));
        emitted = message.offset;
      }
    } finally {
      if (emitted !== undefined && this.#assignment === assignment) resolveOffset(emitted);
    }
  }

  /** Looks whether offsets were left out on the way to the first of a batch. */
  async #follow(partition: OwnPartition, first: bigint): Promise<void> {
    const { topic, next } = partition;
    if (first === next) return;
    const name = `${topic}[${partition.partition}]`;
    if (first < next) {
      this.#context.say('gap', `${name}: it was begun anew at ${first}, ${next} was to come`);
      partition.restart(first);
      return;
    }
    const held = await this.#client.withAdmin((admin) => admin.fetchTopicOffsets(topic));
    const low = held.find((each) => each.partition === partition.partition)?.low ?? '0';
    // Otherwise these were no messages but a producer's transaction marks.
    if (BigInt(low) > next) {
      this.#context.say('gap', `${name}: offsets ${next} to ${first - 1n} were thrown away before they were read`);
    }
  }

  /** Resolves when a message may be emitted, or when we are to stop; lets the group know meanwhile that we live. */
  async #credit(heartbeat: () => Promise<void>): Promise<void> {
    const wake = new AbortController();
    const stop = (): void => wake.abort();
    this.#stop.signal.addEventListener('abort', stop);
    let failure: unknown;
    const beat = setInterval(() => {
      heartbeat().catch((error) => {
        failure = error;
        wake.abort();
      });
    }, HEARTBEAT_MS);
    await this.#context.window.opened(this.#stop.signal.aborted ? this.#stop.signal : wake.signal);
    clearInterval(beat);
    this.#stop.signal.removeEventListener('abort', stop);
    if (failure !== undefined) throw failure;
  }

  /** What kafkajs would have logged: of lost connections it tells nobody else until it gives up. */
  #trouble(text: string): void {
    if (this.#troubled || !/connect/i.test(text)) return;
    this.#troubled = true;
    this.#context.say('waiting', explainKafkaError(text, this.#context.settings.brokers));
  }

  #relief(): void {
    this.#context.onHeld();
    if (!this.#troubled || this.#reading === '') return;
    this.#troubled = false;
    this.#context.say('connected', this.#reading);
  }
}

/** What kafkajs says of an assignment: partitions by topic. */
type Assigned = Readonly<Record<string, readonly number[]>>;

function listed(topic: string, starts: readonly Start[]): string[] {
  const own = starts.filter((start) => start.topic === topic).map(({ partition }) => partition);
  return own.length === 0 ? [] : [`${topic}[${own.sort((a, b) => a - b).join(',')}]`];
}
