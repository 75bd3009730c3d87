import { askJson } from './access.ts';
import { byId, make } from './dom.ts';

/** What the header shows of `/model/stats`. */
interface Stats {
  readonly cloud: string;
  readonly synced: boolean;
  readonly not_synced_because?: readonly string[];
  readonly age_seconds: number | null;
  readonly notices: readonly { readonly text: string }[];
}

const EVERY = 3_000;

/** Keeps the header up to date: whether the model can be trusted, how old it is, what should be mended. */
export class Status {
  #connected = false;
  #stats: Stats | null = null;

  start(): void {
    void this.#ask();
  }

  set connected(connected: boolean) {
    this.#connected = connected;
    this.#show();
  }

  async #ask(): Promise<void> {
    try {
      this.#stats = await askJson<Stats>('/model/stats');
    } catch {
      this.#stats = null; // shown as not connected; asked again below
    }
    this.#show();
    setTimeout(() => void this.#ask(), EVERY);
  }

  #show(): void {
    const stats = this.#stats;
    const badge = byId('sync');
    const because = stats?.not_synced_because ?? [];
    if (!this.#connected || stats === null) setBadge(badge, 'bad', 'not connected, trying …', '');
    else if (stats.synced) setBadge(badge, 'good', 'synced', 'The model is complete and current.');
    else setBadge(badge, 'bad', 'not synced', because.join('\n'));
    if (stats === null) return;
    byId('cloud').textContent = stats.cloud;
    byId('age').textContent = stats.age_seconds === null ? 'nothing yet' : `${formatAge(stats.age_seconds)} ago`;
    const lines = [...because, ...stats.notices.map(({ text }) => text)];
    const list = byId('notices');
    list.hidden = lines.length === 0;
    list.replaceChildren(...lines.map((text) => make('li', '', text)));
  }
}

function setBadge(badge: HTMLElement, className: string, text: string, title: string): void {
  badge.className = `badge ${className}`;
  // A status is read out when it is written, so only when it differs.
  if (badge.textContent !== text) badge.textContent = text;
  badge.title = title;
}

function formatAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
