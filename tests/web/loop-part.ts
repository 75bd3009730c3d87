import type { ServerResponse } from 'node:http';
import type { Api } from '../../src/api/routes/route.ts';
import type { Part } from '../../src/parts/part.ts';
import type { Incident, Plan } from '../../web/loop.ts';

/** Breaches and plans as a test wants them, and the switch, behind the addresses that the page asks. */
export class Loop implements Part {
  plans: readonly Plan[] = [];
  incidents: readonly Incident[] = [];
  paused = false;
  /** Plans that were started. */
  readonly started: string[] = [];
  readonly #pages = new Set<ServerResponse>();

  /** Resolves once a page follows `/events`. */
  async followed(): Promise<void> {
    while (this.#pages.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Something happened: pages that follow `/events` are told. */
  happen(): void {
    for (const page of this.#pages) page.write('event: event\ndata: {}\n\n');
  }

  readonly routes = (api: Api): void => {
    api.get('/events', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      this.#pages.add(reply.raw);
      reply.raw.on('close', () => this.#pages.delete(reply.raw));
    });
    const automation = (): object => ({
      state: this.paused ? 'paused' : 'acting',
      reasons: this.paused ? ['automatic action is paused'] : [],
      paused: this.paused,
    });
    api.get('/plans', () => ({ plans: this.plans }));
    api.get('/sla/incidents', () => ({ incidents: this.incidents, next_marker: null }));
    api.get('/sla/rules/:name/series', () => ({ series: [{ value: 12 }], next_marker: null }));
    api.get('/automation', automation);
    api.post('/automation/pause', () => {
      this.paused = true;
      return automation();
    });
    api.post('/automation/resume', () => {
      this.paused = false;
      return automation();
    });
    api.post('/v1/action_plans/:uuid/start', (request) => {
      this.started.push((request.params as { uuid: string }).uuid);
      this.plans = this.plans.map((plan) => ({ ...plan, state: 'ONGOING' }));
      return {};
    });
  };
}

const NOW = Date.now();
const VICTIM = 'a';

export const BREACH: Incident = {
  id: 'i1',
  rule: 'steal',
  metric: 'cpu_steal',
  resource: VICTIM,
  severity: 'warning',
  opened_at: NOW / 1_000 - 30,
  value: 20,
  threshold: 10,
  ended_at: null,
  end_reason: null,
};

export const PLAN: Plan = {
  uuid: 'p1',
  state: 'RECOMMENDED',
  status_message: null,
  goal: 'sla',
  strategy: 'sla',
  audit: { uuid: 'a1', name: 'asked' },
  trigger: { rule: 'steal', metric: 'cpu_steal', resources: [VICTIM], severity: 'warning' },
  started_by: null,
  created_at: new Date(NOW - 20_000).toISOString(),
  updated_at: null,
  efficacy_indicators: [{ name: 'victims_count', description: '', unit: null, value: 1 }],
  global_efficacy: [],
  actions: [
    {
      uuid: 'x1',
      type: 'migrate',
      state: 'PENDING',
      status_message: null,
      reason: 'it takes <b>the CPU</b>',
      input: { migration_type: 'live', resource_name: 'loud', source_node: 'h1', destination_node: 'h2' },
    },
  ],
  rejected: [{ candidate: VICTIM, text: 'it is the victim' }],
  rejected_count: 1,
};
