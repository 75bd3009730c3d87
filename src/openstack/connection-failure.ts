import type { ApiFailure } from './errors.ts';

interface Explained {
  readonly failure: ApiFailure;
  readonly why: string;
  /** Trying again would not help. */
  readonly final: boolean;
}

/** What the codes of node and undici mean; what is not in it is told by its own message. */
const CODES: Readonly<Record<string, Omit<Explained, 'final'>>> = {
  ECONNREFUSED: { failure: 'unreachable', why: 'the connection was refused' },
  ECONNRESET: { failure: 'unreachable', why: 'the connection was reset' },
  EHOSTUNREACH: { failure: 'unreachable', why: 'there is no way to the host' },
  ENETUNREACH: { failure: 'unreachable', why: 'there is no way to the network' },
  ETIMEDOUT: { failure: 'timeout', why: 'no connection in time' },
  ENOTFOUND: { failure: 'unreachable', why: 'the host name is not known' },
  EAI_AGAIN: { failure: 'unreachable', why: 'the host name could not be looked up' },
  UND_ERR_CONNECT_TIMEOUT: { failure: 'timeout', why: 'no connection in time' },
  UND_ERR_HEADERS_TIMEOUT: { failure: 'timeout', why: 'no answer in time' },
  UND_ERR_BODY_TIMEOUT: { failure: 'timeout', why: 'the answer stopped in its middle' },
  UND_ERR_SOCKET: { failure: 'unreachable', why: 'the connection was closed' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { failure: 'unreadable', why: 'the answer was cut off' },
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO|HOSTNAME_MISMATCH)/;
const MAX_QUOTED = 200;

/** Explains why there was no answer. */
export function describeFailure(error: unknown): Explained {
  const code = String((error as { code?: unknown }).code ?? '');
  const text = String((error as { message?: unknown }).message ?? error).slice(0, MAX_QUOTED);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return { failure: 'too-large', why: 'the answer is too large', final: true };
  if (TLS_CODE.test(code)) return { failure: 'tls', why: `${code}: ${text}`, final: true };
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return { ...known, final: false };
  // The other side closed in the middle of a body: undici says "terminated", with the reason as its cause.
  if (text === 'terminated') return { failure: 'unreadable', why: 'the answer was cut off', final: false };
  return { failure: 'unreachable', why: text, final: false };
}
