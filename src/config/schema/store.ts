import { type Static, Type } from 'typebox';
import { group, IN_URLS, REDIS_URL, secret, TLS, text, whole } from './setting.ts';

const retention = whole(1_000, 100_000_000, {
  default: 200_000,
  description: 'Changes kept for subscribers that come back and for explanations.',
});

const EMBEDDED = group(
  {
    kind: Type.Literal('embedded', { description: 'LMDB, in this process.' }),
    path: text({ default: 'data/vigil', description: 'Directory of the data; one process at a time.' }),
    temporary: Type.Boolean({
      default: false,
      description:
        'true keeps the data in a directory of its own, made at the start and removed at the end: for trials.',
    }),
    retention,
  },
  { description: 'The model on this machine’s disk, for one process.' },
);

const REDIS = group(
  {
    kind: Type.Literal('redis', { description: 'Redis 6.2 or later.' }),
    url: text({
      description: 'Address of the Redis; rediss:// for TLS.',
      example: 'redis://127.0.0.1:6379/0',
      pattern: REDIS_URL,
      form: `redis://HOST:PORT/DATABASE, or rediss:// for TLS${IN_URLS}`,
    }),
    username: Type.Optional(text({ description: 'User, where the URL names none.', example: 'vigil' })),
    ...secret('password', 'Password.'),
    tls: Type.Optional(TLS),
    retention,
  },
  { description: 'The model in a Redis, for any number of processes.' },
);

/** Without a kind it is the embedded one. */
export const STORE = Type.Union([EMBEDDED, REDIS], {
  default: { kind: 'embedded' },
  defaultKind: 'embedded',
  description: 'Where the model is kept.',
});

export type StoreConfig = Static<typeof STORE>;
