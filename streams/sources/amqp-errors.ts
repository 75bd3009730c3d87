import type { AmqpSettings, Broker } from './amqp-options.ts';

/** What a broker's refusal or a failed connection means, as one line that says what would mend it. No credentials. */
export function explainAmqpError(error: unknown, broker: Broker, settings: AmqpSettings): string {
  const { name, code, message } = errorParts(error);
  const explain = EXPLANATIONS.find(({ when }) =>
    typeof when === 'number' ? when === code : when.test(`${name} ${code} ${message}`),
  );
  const text = explain?.say(settings, message) ?? message;
  return `${broker.label}: ${oneLine(text)}`;
}

/** What befell the queue when the broker ends consuming from it, or knows none of that name any more. */
export function deletedWhileInUse(queue: string): string {
  return `the queue ${queue} was deleted while it was in use`;
}

/** The AMQP reply code (404, 406 …) of a refused operation, if it is one. */
export function replyCode(error: unknown): number | undefined {
  const { code } = errorParts(error);
  return typeof code === 'number' ? code : undefined;
}

interface Explanation {
  /** The reply code of an operation, or what the code and message of a failed connection look like. */
  readonly when: number | RegExp;
  say(settings: AmqpSettings, message: string): string;
}

/** The first that fits is told. */
const EXPLANATIONS: readonly Explanation[] = [
  { when: /^ConnectionLost/, say: (_settings, message) => `the connection was lost: ${message}` },
  {
    when: /ECONNREFUSED/,
    say: () => 'nothing listens there; is RabbitMQ running, and are host and port right?',
  },
  { when: /ENOTFOUND|EAI_AGAIN/, say: () => 'the host name is not known; is it right, and is DNS reachable?' },
  {
    when: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    say: () => 'no answer; is the host up, and does a firewall let the port through?',
  },
  {
    when: /Handshake terminated.*\b403\b/,
    say: () => 'the user name or the password is wrong',
  },
  {
    // amqplib does not pass on what the broker says here.
    when: /Expected ConnectionOpenOk; got <ConnectionClose/,
    say: () => 'the virtual host does not exist, or the user has no permissions in it; the end of the URL names it',
  },
  {
    when: /CERT|certificate|SELF_SIGNED|ERR_TLS|ERR_SSL|SSL routines|ERR_OSSL/i,
    say: (_settings, message) =>
      `TLS failed (${message}); check the certificate authority given as tls.ca, the broker's name in its certificate, that this is the TLS port, and tls.cert and tls.key where clients need a certificate`,
  },
  {
    when: /Socket closed abruptly|ECONNRESET|EPIPE/,
    say: () =>
      'the connection was closed while it was being opened; is this the right port (TLS or not), is the broker up?',
  },
  {
    when: 403,
    say: ({ queue, exchanges }, message) =>
      `${message}; Vigil needs configure, write and read on the queue ${queue.name} and read on ${exchanges.join(', ')}`,
  },
  // Exchanges are looked for where their absence is no error.
  { when: 404, say: ({ queue }) => deletedWhileInUse(queue.name) },
  {
    when: 406,
    say: ({ queue }, message) =>
      `the queue ${queue.name} exists with other settings (${message}); delete it, or set queue type, expiry and length limit to what it has`,
  },
  { when: 405, say: ({ queue }) => `the queue ${queue.name} is exclusive to another connection; choose another name` },
];

function errorParts(error: unknown): { name: string; code: unknown; message: string } {
  if (!(error instanceof Error)) return { name: '', code: undefined, message: String(error) };
  const code = 'code' in error ? error.code : undefined;
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  return inner === undefined ? { name: error.name, code, message: error.message || String(code) } : errorParts(inner);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}
