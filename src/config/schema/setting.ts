import {
  type TArray,
  type TInteger,
  type TNumber,
  type TObject,
  type TOptional,
  type TProperties,
  type TString,
  type TUnsafe,
  Type,
} from 'typebox';

/** What a setting's schema says besides its type: for errors, the sample and the documentation. */
export interface SettingNotes {
  /** What it is for; one sentence, with its unit. */
  readonly description: string;
  /** Shown in the sample where there is no default. */
  readonly example?: unknown;
  /** What a text must look like, for errors: "must be …". */
  readonly form?: string;
}

/** The name of something in a broker, a store or a queue: no characters with a meaning elsewhere. */
const NAME = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$';
export const MAX_TEXT = 4_096;

export function text(notes: SettingNotes & { default?: string; pattern?: string }): TString {
  return Type.String({ minLength: 1, maxLength: MAX_TEXT, ...notes });
}

export function name(notes: SettingNotes & { default?: string }): TString {
  return text({ pattern: NAME, form: 'letters, digits, "_", "." and "-", at most 64', ...notes });
}

export function whole(minimum: number, maximum: number, notes: SettingNotes & { default?: number }): TInteger {
  return Type.Integer({ minimum, maximum, ...notes });
}

export function amount(minimum: number, maximum: number, notes: SettingNotes & { default?: number }): TNumber {
  return Type.Number({ minimum, maximum, ...notes });
}

export function oneOf<const T extends string>(values: readonly T[], notes: SettingNotes & { default?: T }): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], ...notes });
}

export function texts(notes: SettingNotes & { default?: readonly string[]; pattern?: string }): TArray<TString> {
  const { pattern, form, ...rest } = notes;
  const item = Type.String({
    minLength: 1,
    maxLength: MAX_TEXT,
    ...(pattern === undefined ? {} : { pattern }),
    ...(form === undefined ? {} : { form }),
  });
  return Type.Array(item, { minItems: 1, maxItems: 100, ...rest });
}

/** A group of settings; whatever else stands in it is refused. */
export function group<P extends TProperties>(properties: P, notes: SettingNotes & { default?: object }): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...notes });
}

/** A secret, given itself or as the name of a file that holds it. It is masked wherever it is shown. */
export function secret<K extends string>(
  key: K,
  description: string,
): { [key in K | `${K}_file`]: TOptional<TString> } {
  const value = Type.Optional(text({ description, secret: true, example: 'secret' } as SettingNotes));
  const file = Type.Optional(
    text({
      description: `File that holds it, instead of ${key}.`,
      example: `/etc/vigil/${key}`,
      secretFor: key,
    } as SettingNotes),
  );
  return { [key]: value, [`${key}_file`]: file } as { [key in K | `${K}_file`]: TOptional<TString> };
}

const USERINFO = '([^\\s/?#@]*@)?';
const HOST_PORT = '(\\[[0-9a-fA-F:.]+\\]|[^\\s/?#@:\\[\\]]+)(:\\d{1,5})?';
/** URLs may carry a user and a password, which are masked where they are shown. */
export const AMQP_URL = `^amqps?://${USERINFO}${HOST_PORT}(/[^\\s?#@]*)?$`;
export const REDIS_URL = `^rediss?://${USERINFO}${HOST_PORT}(/\\d*)?$`;
/** For errors: a password may well be why a URL is none. */
export const IN_URLS = ' (in names and passwords / ? # @ are written %2F %3F %23 %40)';
export const HTTP_URL = '^https?://[^\\s@]+$';

const certificates = {
  ca: Type.Optional(
    text({
      description: 'PEM file of the authorities trusted, instead of the system’s.',
      example: '/etc/vigil/ca.pem',
    }),
  ),
  cert: Type.Optional(
    text({
      description: 'PEM file of the client certificate, where one is asked for.',
      example: '/etc/vigil/client.pem',
    }),
  ),
  key: Type.Optional(text({ description: 'PEM file of its key.', example: '/etc/vigil/client.key' })),
};

/** TLS to a broker or a store. */
export const TLS = group(
  {
    ...certificates,
    ...secret('passphrase', 'Passphrase of the key.'),
    servername: Type.Optional(
      text({
        description: 'Name the server’s certificate must carry, where it is not the host’s.',
        example: 'broker.example.org',
      }),
    ),
  },
  { description: 'TLS; given, even if empty, it is used.' },
);

/** TLS to OpenStack’s APIs. */
export const API_TLS = group(
  {
    ...certificates,
    verify: Type.Boolean({ default: true, description: 'false takes any certificate: for trials only.' }),
  },
  { description: 'TLS to the APIs.', default: {} },
);
