import { byId } from './dom.ts';

const KEY = 'vigil-token';

/** Where an answer asks for it, a token of keystone is asked for and kept for as long as the tab is open. */
const form = byId('login') as HTMLFormElement;
const field = byId('token') as HTMLInputElement;
const waiting: (() => void)[] = [];

form.addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, field.value.trim());
  field.value = '';
  form.hidden = true;
  for (const go of waiting.splice(0)) go();
});

/** An address of this service refused to answer; `status` says how. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** Asks an address of this service as whoever looks at the page; waits for a token where one is wanted. Throws Refused. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const token = sessionStorage.getItem(KEY);
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('x-auth-token', token);
    const response = await fetch(path, { ...init, headers });
    if (response.ok) return response;
    const wanted = response.headers.get('www-authenticate') ?? '';
    if (response.status !== 401 || !/^keystone /i.test(wanted)) throw new Refused(response.status);
    await tokenGiven();
  }
}

/** Asks for JSON. Throws Refused. */
export async function askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { accept: 'application/json', ...init.headers };
  return (await (await ask(path, { ...init, headers })).json()) as T;
}

function tokenGiven(): Promise<void> {
  form.hidden = false;
  return new Promise((resolve) => waiting.push(resolve));
}
