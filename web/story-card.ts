import { make } from './dom.ts';
import type { Action, Incident, Indicator, Plan, Story } from './loop.ts';
import { Sparkline } from './sparkline.ts';

/** The breaches of a story that are shown and measured; there may be very many. */
export const MOST_BREACHES = 4;

/** The actions of a plan that are shown at once. */
const MOST_ACTIONS = 6;

/** Plans that were given up before anything was done. */
const DROPPED = new Set(['CANCELLED', 'SUPERSEDED']);
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How an element is called, by its uuid or name. */
export type NameOf = (resource: string) => string;

/** One story: what was breached, what is done about it and why, and whether it helped. */
export class StoryCard {
  readonly element = make('li', 'story');
  readonly #nameOf: NameOf;
  readonly #onStart: (plan: string) => void;
  readonly #sparklines = new Map<string, Sparkline>();
  readonly #rejected = make('details');
  #shown = '';

  constructor(nameOf: NameOf, onStart: (plan: string) => void) {
    this.#nameOf = nameOf;
    this.#onStart = onStart;
  }

  show(story: Story): void {
    const key = JSON.stringify(story);
    if (key === this.#shown) return;
    this.#shown = key;
    const { plan, incidents, steps } = story;
    const title = make('h3', '', titleOf(story));
    title.append(time(story.at));
    const strip = make('ol', 'steps');
    strip.append(...steps.map(({ name, standing }) => make('li', standing, name)));
    this.element.className = `story ${isOver(story) ? 'over' : ''}`.trim();
    this.element.replaceChildren(
      title,
      strip,
      ...this.#breaches(incidents),
      ...(plan === null ? [] : this.#plan(plan)),
    );
  }

  /** A value of a breached series, as it was measured just now. */
  measured(incident: Incident, value: number): void {
    this.#sparkline(incident).add(value);
  }

  #breaches(incidents: readonly Incident[]): HTMLElement[] {
    if (incidents.length === 0) return [];
    const [{ metric, threshold }] = incidents as [Incident];
    const list = make('ul', 'breaches');
    list.append(make('li', 'more', `${metric}, limit ${rounded(threshold)}:`));
    for (const incident of incidents.slice(0, MOST_BREACHES)) {
      const item = make('li');
      item.append(make('span', '', breachText(incident, this.#nameOf)), this.#sparkline(incident).element);
      list.append(item);
    }
    const more = incidents.length - MOST_BREACHES;
    if (more > 0) list.append(make('li', 'more', `and ${more} more`));
    return [list];
  }

  #sparkline(incident: Incident): Sparkline {
    let line = this.#sparklines.get(incident.id);
    if (line === undefined) {
      line = new Sparkline(incident.threshold);
      if (incident.value !== null) line.add(incident.value);
      this.#sparklines.set(incident.id, line);
    }
    return line;
  }

  #plan(plan: Plan): HTMLElement[] {
    const done = plan.actions.filter(({ state }) => state === 'SUCCEEDED' || state === 'SKIPPED').length;
    const about = make('p', 'about', `Strategy ${plan.strategy}, ${done} of ${plan.actions.length} done`);
    about.append(make('span', `state ${plan.state.toLowerCase()}`, plan.state.toLowerCase()));
    if (plan.status_message !== null) about.append(make('span', 'message', this.#named(plan.status_message)));
    const parts: HTMLElement[] = [about];
    if (!DROPPED.has(plan.state)) parts.push(this.#actions(plan));
    const others = plan.efficacy_indicators.filter(({ name }) =>
      plan.global_efficacy.every((one) => one.name !== name),
    );
    const indicators = [...plan.global_efficacy, ...others];
    if (indicators.length > 0) parts.push(make('p', 'indicators', indicators.map(indicatorText).join(' · ')));
    if (plan.rejected.length > 0) parts.push(this.#others(plan));
    if (plan.state === 'RECOMMENDED') parts.push(this.#startButton(plan.uuid));
    return parts;
  }

  /** Those that run and their neighbours; a plan may have very many. */
  #actions({ actions }: Plan): HTMLElement {
    if (actions.length === 0) return make('p', 'about', 'Nothing is to be done.');
    const first = Math.max(0, firstToWatch(actions) - 1);
    const shown = actions.slice(first, first + MOST_ACTIONS);
    const after = actions.length - first - shown.length;
    const list = make('ol', 'actions');
    if (first > 0) list.append(make('li', 'more', `${first} before`));
    let reason = '';
    for (const action of shown) {
      list.append(this.#action(action, action.reason === reason ? '' : action.reason));
      reason = action.reason;
    }
    if (after > 0) list.append(make('li', 'more', `${after} more`));
    return list;
  }

  #action({ type, state, input, status_message: message }: Action, reason: string): HTMLElement {
    const item = make('li', state.toLowerCase());
    item.append(make('span', 'what', this.#actionText(type, input)));
    item.title = state.toLowerCase();
    if (reason !== '') item.append(make('small', '', this.#named(reason)));
    if (message !== null) item.append(make('small', 'message', this.#named(message)));
    return item;
  }

  #actionText(type: string, input: Action['input']): string {
    const {
      resource_id: id,
      resource_name: name,
      source_node: from,
      destination_node: to,
      migration_type: way,
    } = input;
    const subject = name ?? (typeof id === 'string' ? this.#nameOf(id) : '');
    if (type === 'migrate')
      return `${way === 'cold' ? 'move cold' : 'move'} ${subject}: ${from} → ${to ?? 'where there is room'}`;
    if (type === 'change_nova_service_state') return `${input.state === 'disabled' ? 'disable' : 'enable'} ${subject}`;
    return subject === '' ? type : `${type} ${subject}`;
  }

  /** What was not done, and why; stays open when the card is drawn again. */
  #others({ rejected, rejected_count: count }: Plan): HTMLElement {
    const list = make('ul');
    list.append(
      ...rejected.map(({ candidate, text }) => make('li', '', `${this.#nameOf(candidate)}: ${this.#named(text)}`)),
    );
    const summary = make('summary', '', `${count} other ${count === 1 ? 'way was' : 'ways were'} looked at`);
    this.#rejected.replaceChildren(summary, list);
    return this.#rejected;
  }

  /** A text with instances called by their names. */
  #named(text: string): string {
    return text.replace(UUID, (uuid) => this.#nameOf(uuid));
  }

  #startButton(uuid: string): HTMLElement {
    const button = make('button', '', 'Carry it out');
    button.type = 'button';
    button.addEventListener('click', () => {
      button.disabled = true;
      this.#onStart(uuid);
    });
    return button;
  }
}

/** The first action that has not ended; when all have, the first of them all. */
function firstToWatch(actions: readonly Action[]): number {
  const first = actions.findIndex(({ state }) => state === 'ONGOING' || state === 'PENDING' || state === 'CANCELLING');
  return Math.max(0, Math.min(first, actions.length - MOST_ACTIONS + 1));
}

function titleOf({ incidents, plan }: Story): string {
  const [first] = incidents;
  const rule = first?.rule ?? plan?.trigger?.rule;
  if (rule !== undefined) return `${rule} breached`;
  return plan?.audit?.name ?? `plan for ${plan?.goal ?? 'nothing'}`;
}

/** Nothing more will come of it. */
function isOver({ steps }: Story): boolean {
  return (
    steps.every(({ standing }) => standing === 'done') ||
    steps.some(({ standing }) => standing === 'failed' || standing === 'off')
  );
}

function breachText(
  { resource, value, ended_at: ended, opened_at: opened, end_reason: reason }: Incident,
  nameOf: NameOf,
): string {
  const how = value === null ? '' : `: ${rounded(value)}`;
  const lasted = ended === null ? '' : `, ${reason ?? 'over'} after ${duration(ended - opened)}`;
  return `${nameOf(resource)}${how}${lasted}`;
}

function indicatorText({ name, value, unit }: Indicator): string {
  return `${name.replaceAll('_', ' ')} ${rounded(value)}${unit === null ? '' : ` ${unit}`}`;
}

function time(at: number): HTMLElement {
  const element = make('time', '', new Date(at).toLocaleTimeString());
  element.dateTime = new Date(at).toISOString();
  return element;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
