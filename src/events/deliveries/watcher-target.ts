import type { Session } from '../../openstack/session.ts';
import type { CloudEvent } from '../cloud-event.ts';
import type { Attempt, Target } from './target.ts';

export interface WatcherOptions {
  readonly name: string;
  /** Uuid or name of an audit of type EVENT. */
  readonly audit: string;
  /** Rules whose breaches call for it; all without any. */
  readonly rules: readonly string[];
  /** Null: that of the catalog (infra-optim). */
  readonly url: string | null;
}

/** Webhooks came with this microversion of Watcher's API. */
const MICROVERSION = 'infra-optim 1.4';

/** Calls for an audit of a Watcher that runs beside, when a rule is breached. */
export class WatcherTarget implements Target {
  readonly kind = 'watcher';
  readonly name: string;
  readonly #options: WatcherOptions;
  readonly #session: Session | null;

  /** Without a session nothing can be asked, which is told at each attempt. */
  constructor(options: WatcherOptions, session: Session | null) {
    this.name = options.name;
    this.#options = options;
    this.#session = session;
  }

  wants({ type, data }: CloudEvent): boolean {
    const { rules } = this.#options;
    return type === 'vigil.breach.opened' && (rules.length === 0 || rules.includes(String(data.rule)));
  }

  async tell(_event: CloudEvent, signal: AbortSignal): Promise<Attempt> {
    if (this.#session === null) return { ok: false, detail: 'there is no keystone to get a token from: set openstack' };
    try {
      const endpoint = this.#options.url ?? (await this.#session.endpoint('infra-optim'));
      const { status } = await this.#session.ask(endpoint, {
        method: 'POST',
        path: `/v1/webhooks/${encodeURIComponent(this.#options.audit)}`,
        headers: { 'openstack-api-version': MICROVERSION },
        body: {},
        signal,
      });
      return { ok: true, detail: `it answers ${status}` };
    } catch (error) {
      return { ok: false, detail: (error as Error).message };
    }
  }
}
