import { askJson, Refused } from './access.ts';
import { byId } from './dom.ts';
import { followEvents } from './event-stream.ts';
import { breachedOf, type Incident, type Plan, storiesOf } from './loop.ts';
import { MOST_BREACHES, type NameOf, StoryCard } from './story-card.ts';

/** Breached series are measured so often (ms). */
const MEASURE_EVERY = 2_000;
/** What no event tells, such as what a plan waits for, is asked for so often (ms). */
const ASK_EVERY = 10_000;
const PLANS = 8;
const INCIDENTS = 50;
/** Stories that are shown. */
const SHOWN = 8;

/** What rules found breached, what is done about it, and whether it helps. */
export class LoopPanel {
  readonly #list = byId('stories');
  readonly #nameOf: NameOf;
  readonly #onBreached: (resources: ReadonlySet<string>) => void;
  readonly #cards = new Map<string, StoryCard>();
  #plans: readonly Plan[] = [];
  #incidents: readonly Incident[] = [];
  #isAsked = false;
  #isAsking = false;

  /** `onBreached` is told which hosts and instances are breached whenever they were asked for. */
  constructor(nameOf: NameOf, onBreached: (resources: ReadonlySet<string>) => void) {
    this.#nameOf = nameOf;
    this.#onBreached = onBreached;
  }

  /** Asks for everything whenever something happens; events are but the sign to, as they may come twice. */
  start(): void {
    const refresh = (): void => void this.#refresh();
    void followEvents('/events', { onConnected: refresh, onEvent: refresh });
    setInterval(refresh, ASK_EVERY);
    setInterval(() => void this.#measure(), MEASURE_EVERY);
  }

  /** However much happens meanwhile, it is asked for once more at most. */
  async #refresh(): Promise<void> {
    this.#isAsked = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isAsked) {
      this.#isAsked = false;
      await this.#ask();
    }
    this.#isAsking = false;
  }

  async #ask(): Promise<void> {
    const plans = await unlessRefused(askJson<{ plans: Plan[] }>(`/plans?limit=${PLANS}`));
    const incidents = await unlessRefused(
      askJson<{ incidents: Incident[] }>(`/sla/incidents?state=all&limit=${INCIDENTS}`),
    );
    byId('loop').hidden = plans === null && incidents === null;
    this.#plans = plans?.plans ?? this.#plans;
    this.#incidents = incidents?.incidents ?? this.#incidents;
    this.#onBreached(breachedOf(this.#incidents));
    this.#draw();
  }

  #draw(): void {
    const stories = storiesOf(this.#plans, this.#incidents, Date.now()).slice(0, SHOWN);
    const keys = new Set(stories.map(({ key }) => key));
    for (const key of this.#cards.keys()) if (!keys.has(key)) this.#cards.delete(key);
    const cards = stories.map((story) => {
      const card = this.#cards.get(story.key) ?? new StoryCard(this.#nameOf, (plan) => void this.#startPlan(plan));
      this.#cards.set(story.key, card);
      card.show(story);
      return card.element;
    });
    if (cards.some((card, i) => this.#list.children[i] !== card) || this.#list.childElementCount !== cards.length) {
      this.#list.replaceChildren(...cards);
    }
    byId('calm').hidden = stories.length > 0;
  }

  async #startPlan(uuid: string): Promise<void> {
    await unlessRefused(askJson(`/v1/action_plans/${encodeURIComponent(uuid)}/start`, { method: 'POST' }));
    await this.#refresh();
  }

  /** What the series of breaches, and of those that ended just now, are like at the moment. */
  async #measure(): Promise<void> {
    const stories = storiesOf(this.#plans, this.#incidents, Date.now()).slice(0, SHOWN);
    for (const { key, incidents } of stories) {
      for (const incident of incidents.slice(0, MOST_BREACHES)) {
        const value = await this.#valueOf(incident);
        if (value !== null) this.#cards.get(key)?.measured(incident, value);
      }
    }
  }

  async #valueOf({ rule, resource }: Incident): Promise<number | null> {
    const query = new URLSearchParams({ resource, limit: '1' });
    const path = `/sla/rules/${encodeURIComponent(rule)}/series?${query}`;
    const answer = await unlessRefused(askJson<{ series: { value: number | null }[] }>(path));
    return answer?.series[0]?.value ?? null;
  }
}

/** Null for what this person may not see, what is not there, and while the service is away. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused || error instanceof TypeError) return null;
    throw error;
  }
}
