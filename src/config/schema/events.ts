import { type Static, Type } from 'typebox';
import { group, HTTP_URL, name, secret, text, whole } from './setting.ts';

const TYPE = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^vigil(\\.[a-z]+){1,2}$',
  form: 'a type of event, or the beginning of several: vigil.breach',
});

const WEBHOOK = group(
  {
    name: name({ description: 'Name, in logs and deliveries.', example: 'pager' }),
    url: text({
      description: 'Where events are posted to, as CloudEvents.',
      example: 'https://hooks.example.org/vigil',
      pattern: HTTP_URL,
      form: 'an http or https address without user and password in it',
    }),
    ...secret('secret', 'Signs what is sent, as Standard Webhooks has it; whsec_… is base64.'),
    types: Type.Array(TYPE, {
      maxItems: 20,
      default: [],
      description: 'Types of events that are told; all without any.',
    }),
    timeout: whole(1, 120, { default: 15, description: 'Seconds an answer may take.' }),
    allow_private: Type.Boolean({
      default: false,
      description: 'Whether it may be on this machine or in a private network.',
    }),
  },
  { description: 'A webhook.' },
);

const WATCHER = group(
  {
    name: name({ description: 'Name, in logs and deliveries.', example: 'watcher' }),
    audit: text({ description: 'Uuid or name of an audit of type EVENT.', example: 'rebalance-on-breach' }),
    rules: Type.Array(name({ description: 'A rule.' }), {
      maxItems: 1_000,
      default: [],
      description: 'Rules whose breaches call for it; all without any.',
    }),
    url: Type.Optional(
      text({
        description: 'Watcher’s address, where it is not that of the catalog (infra-optim).',
        example: 'http://watcher.example.org:9322',
        pattern: HTTP_URL,
        form: 'an http or https address without user and password in it',
      }),
    ),
  },
  { description: 'An audit of a Watcher that runs beside.' },
);

export const EVENTS = group(
  {
    kept: whole(100, 1_000_000, {
      default: 10_000,
      description: 'Events kept for subscribers that come back.',
    }),
    webhooks: Type.Array(WEBHOOK, { maxItems: 50, default: [], description: 'Who is told of events over HTTP.' }),
    watchers: Type.Array(WATCHER, {
      maxItems: 50,
      default: [],
      description: 'Audits of a Watcher that are called for when a rule is breached.',
    }),
  },
  { default: {}, description: 'What happens (breaches, audits, plans, actions), and who is told.' },
);

export type EventsConfig = Static<typeof EVENTS>;
