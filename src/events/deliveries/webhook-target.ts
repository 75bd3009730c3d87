import { Agent } from 'undici';
import { describeFailure } from '../../openstack/connection-failure.ts';
import { Deadline } from '../../openstack/deadline.ts';
import type { CloudEvent } from '../cloud-event.ts';
import { forbiddenHost, guardedLookup } from './address-guard.ts';
import { signed } from './signature.ts';
import type { Attempt, Target } from './target.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: string | null;
  /** Types, or beginnings of types, that are told; all without any. */
  readonly types: readonly string[];
  readonly timeoutSeconds: number;
  readonly allowPrivate: boolean;
}

/** An answer is looked at for its status; of more than this nothing is read. */
const MAX_ANSWER = 65_536;

/** Tells events as CloudEvents over HTTP (structured mode), signed as Standard Webhooks has it. */
export class WebhookTarget implements Target {
  readonly kind = 'webhook';
  readonly name: string;
  readonly #options: WebhookOptions;
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(options: WebhookOptions) {
    this.name = options.name;
    this.#options = options;
    this.#url = new URL(options.url);
    this.#agent = new Agent({
      connections: 1,
      maxResponseSize: MAX_ANSWER,
      connect: { lookup: guardedLookup(options.allowPrivate), timeout: options.timeoutSeconds * 1_000 },
    });
  }

  wants({ type }: CloudEvent): boolean {
    const { types } = this.#options;
    return types.length === 0 || types.some((asked) => type === asked || type.startsWith(`${asked}.`));
  }

  async tell(event: CloudEvent, signal: AbortSignal): Promise<Attempt> {
    const { secret, timeoutSeconds, allowPrivate } = this.#options;
    const wrong = forbiddenHost(this.#url, allowPrivate);
    if (wrong !== null) return { ok: false, detail: wrong };
    const body = JSON.stringify(event);
    const deadline = new Deadline(timeoutSeconds * 1_000, signal);
    try {
      const { statusCode, body: answer } = await this.#agent.request({
        origin: this.#url.origin,
        path: this.#url.pathname + this.#url.search,
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'user-agent': 'vigil',
          ...(secret === null ? { 'webhook-id': event.id } : signed(event.id, body, Date.now(), secret)),
        },
        body,
        signal: deadline.signal,
      });
      await answer.dump();
      return { ok: statusCode >= 200 && statusCode < 300, detail: `it answers ${statusCode}` };
    } catch (error) {
      const why = deadline.passed ? `no answer within ${timeoutSeconds} s` : describeFailure(error).why;
      return { ok: false, detail: why };
    } finally {
      deadline.end();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}
