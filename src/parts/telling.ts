import { Counter } from 'prom-client';
import { deliveriesRoute } from '../api/routes/event-deliveries.ts';
import { eventsRoute } from '../api/routes/events.ts';
import { Readers } from '../api/stream/readers.ts';
import { Courier, PERSISTENCE } from '../events/deliveries/courier.ts';
import type { Target } from '../events/deliveries/target.ts';
import { WatcherTarget } from '../events/deliveries/watcher-target.ts';
import { WebhookTarget } from '../events/deliveries/webhook-target.ts';
import { EventLog } from '../events/event-log.ts';
import { EventRecorder } from '../events/event-recorder.ts';
import type { Foundation } from '../foundation.ts';
import type { Part } from './part.ts';

const MILLIS_PER_SECOND = 1_000;
/** Nearly all events are of what engines do: these note them, and others what is left. */
const OTHERS_PATIENCE_MILLIS = 1_000;

/** Tells what happens: to subscribers here, and where this process acts, to webhooks and to a Watcher beside. */
export function telling(foundation: Foundation): Part {
  const { config, roles, service, log, fail } = foundation;
  const { store } = service;
  const { ledger } = store;
  const events = new EventLog(ledger);
  const recorder = new EventRecorder({
    ...{ ledger, log: events, cloud: config.cloud, kept: config.events.kept, logger: log },
    patience: roles.has('engine') ? 0 : OTHERS_PATIENCE_MILLIS,
  });
  const readers = new Readers(config.api.max_subscribers, config.api.heartbeat * MILLIS_PER_SECOND);
  const parts = { log: events, ledger, store, logger: log, persistence: PERSISTENCE };
  const targets = roles.has('engine') ? targetsOf(foundation) : [];
  const couriers = targets.map((target) => new Courier(target, { ...parts, now: Date.now, random: Math.random }));
  return {
    routes: (api) => {
      eventsRoute(api, events, readers, service.model);
      deliveriesRoute(api, store);
      api.addHook('preClose', async () => readers.close());
    },
    measure: (registry) => {
      new Counter({
        ...{
          name: 'vigil_event_deliveries_total',
          help: 'Events told to a target, or given up',
          registers: [registry],
        },
        labelNames: ['target', 'outcome'],
        collect() {
          this.reset();
          for (const { name, counts } of couriers) {
            this.inc({ target: name, outcome: 'delivered' }, counts.delivered);
            this.inc({ target: name, outcome: 'failed' }, counts.failed);
          }
        },
      });
    },
    begin: async () => {
      const { ended } = await events.open();
      void ended.catch(fail);
      const recording = await recorder.open();
      void recording.ended.catch(fail);
      events.onMore(() => setImmediate(() => readers.pump()));
      for (const courier of couriers) courier.start();
    },
    end: async () => {
      await Promise.all(couriers.map((courier) => courier.stop()));
    },
  };
}

function targetsOf({ config, openstack }: Foundation): Target[] {
  const webhooks = config.events.webhooks.map(
    ({ name, url, secret = null, types, timeout, allow_private: allowPrivate }) =>
      new WebhookTarget({ name, url, secret, types, timeoutSeconds: timeout, allowPrivate }),
  );
  const watchers = config.events.watchers.map(
    ({ name, audit, rules, url = null }) => new WatcherTarget({ name, audit, rules, url }, openstack?.session ?? null),
  );
  return [...webhooks, ...watchers];
}
