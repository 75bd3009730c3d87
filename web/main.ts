import { AutomationSwitch } from './automation.ts';
import { byId, make } from './dom.ts';
import type { Change, Instance } from './elements.ts';
import { LoopPanel } from './loop-panel.ts';
import { NOWHERE, Replica } from './replica.ts';
import { Status } from './status.ts';
import { follow } from './stream.ts';
import { Ticker } from './ticker.ts';
import { Wall } from './wall.ts';

const replica = new Replica();
const wall = new Wall(replica);
const ticker = new Ticker();
const status = new Status();
const loop = new LoopPanel(
  (resource) => replica.instance(resource)?.name ?? resource,
  (breached) => {
    replica.breached = breached;
    schedule();
  },
);
let moved = new Set<string>();
let revision = '–';
let scheduled = false;

/** However many events come, the page is drawn once a frame at most. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    draw();
  });
}

function draw(): void {
  wall.update(replica.takeDirty(), moved);
  moved = new Set();
  ticker.flush();
  const names = replica.hostNames();
  byId('host-count').textContent = String(names.size - Number(names.has(NOWHERE)));
  byId('instance-count').textContent = String(replica.instanceCount);
  byId('revision').textContent = revision;
  const states = [...replica.byState].sort(([, a], [, b]) => b - a);
  byId('legend').replaceChildren(...states.map(([state, count]) => legendEntry(state, count)));
}

function legendEntry(state: string, count: number): HTMLElement {
  const entry = make('li');
  entry.append(make('span', `tile ${state}`), `${count} ${state}`);
  return entry;
}

function nameOf(change: Change): string | null {
  const after = change.after as Partial<Instance> | null;
  return after?.name ?? replica.instance(change.id)?.name ?? null;
}

follow({
  onPart: (part) => {
    replica.addPart(part);
    schedule();
  },
  onComplete: (parts) => {
    if (parts === 0) replica.clear();
    schedule();
  },
  onChange: (change) => {
    ticker.add(change, nameOf(change));
    if (change.fields.includes('host') || change.change === 'added') moved.add(change.id);
    replica.apply(change);
    schedule();
  },
  onRevision: (latest) => {
    revision = latest;
  },
  onConnected: (connected) => {
    status.connected = connected;
  },
});
status.start();
loop.start();
void new AutomationSwitch().start();
byId('filter').addEventListener('input', (event) => wall.filter((event.target as HTMLInputElement).value));
