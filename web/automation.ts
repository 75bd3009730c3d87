import { askJson, Refused } from './access.ts';
import { byId } from './dom.ts';

/** `/automation`. */
interface Automation {
  readonly state: 'acting' | 'held' | 'paused';
  readonly reasons: readonly string[];
  readonly paused: boolean;
}

const EVERY = 3_000;
const TEXTS = { acting: 'acts by itself', held: 'held back', paused: 'paused' } as const;
const CLASSES = { acting: 'good', held: 'warn', paused: 'warn' } as const;

/** Whether Vigil acts by itself, why not, and the switch. */
export class AutomationSwitch {
  readonly #badge = byId('automation');
  readonly #button = byId('switch') as HTMLButtonElement;
  #paused = false;

  async start(): Promise<never> {
    this.#button.addEventListener('click', () => void this.#toggle());
    for (;;) {
      await this.#ask('/automation');
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  async #toggle(): Promise<void> {
    this.#button.disabled = true;
    const path = `/automation/${this.#paused ? 'resume' : 'pause'}`;
    await this.#ask(path, this.#paused ? { method: 'POST' } : pauseRequest());
    this.#button.disabled = false;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<void> {
    try {
      this.#show(await askJson<Automation>(path, init));
    } catch (error) {
      // Who may not see it is shown nothing; while the service is away the header says so.
      if (error instanceof Refused) this.#badge.hidden = this.#button.hidden = true;
      else if (!(error instanceof TypeError)) throw error;
    }
  }

  #show({ state, reasons, paused }: Automation): void {
    this.#paused = paused;
    this.#badge.hidden = this.#button.hidden = false;
    this.#badge.className = `badge ${CLASSES[state]}`;
    this.#badge.title = reasons.join('\n');
    if (this.#badge.textContent !== TEXTS[state]) this.#badge.textContent = TEXTS[state];
    this.#button.textContent = paused ? 'Resume' : 'Pause';
  }
}

function pauseRequest(): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'paused on the page' }),
  };
}
