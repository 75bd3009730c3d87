import type { ConnectionOptions } from 'node:tls';
import { connectionOptions, describe, type RedisAddress } from './address.ts';

/** Replies by which Redis says that it cannot serve the call now, though nothing is wrong with the call. */
const PASSING = /^(LOADING|BUSY|MASTERDOWN|READONLY|OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNBLOCKED)\b/;
const REFUSED_ACCESS = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH)\b/;
/** What an operator can do about some of them. */
const ADVICE: readonly [RegExp, string][] = [
  [/^OOM\b/, 'give it more memory (maxmemory)'],
  [/^MISCONF\b/, 'it cannot write to its disk; see its log'],
  [/^READONLY\b/, 'it is a replica; name the primary instead'],
  [/^(WRONGPASS|NOAUTH|ERR AUTH)\b/, 'check username and password'],
  [/^NOPERM\b/, "give the user all commands on the cloud's keys, `~{vigil:*`, and `+info`"],
];

/** What TLS says of certificates, and how a server that misses something of the other side breaks the connection off. */
const CERTIFICATE_WANTED = /alert certificate required|alert handshake failure|alert bad certificate/i;
const CERTIFICATE_REFUSED = /certificate|SELF_SIGNED|altnames/i;
const BROKEN_OFF = /ECONNRESET|EPIPE|socket hang up|Connection is closed|socket disconnected/i;
const NEEDS_CERTIFICATE = 'where it wants a certificate of its clients, name that and its key as tls.cert and tls.key';

/** Redis before 7.0 tells a script's error behind the place in the script. */
const PLACE_IN_SCRIPT = /^.*@user_script: ?\d+: -?/;

/** Whether the call may be made again, as it is, on a new connection. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  // What is no reply of Redis is a broken connection.
  return !isReply(error) || PASSING.test(replyOf(error));
}

/** Whether credentials or permissions were not enough. */
export function isRefusedAccess(error: unknown): boolean {
  return isReply(error) && REFUSED_ACCESS.test(replyOf(error));
}

function replyOf(error: Error): string {
  return error.message.replace(PLACE_IN_SCRIPT, '');
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/**
 * An error without what ioredis attaches to its own (the command with its arguments) and without the password; `wasConnected`:
 * a connection with this address was made before, so that the address is right.
 */
export function cleanError(error: unknown, address: RedisAddress, wasConnected: boolean): Error {
  const { password, tls } = connectionOptions(address);
  const message = error instanceof Error ? reason(error) : String(error);
  const onConnection = wasConnected ? null : adviceOnConnection(message, tls);
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? onConnection;
  const text = `Redis at ${describe(address)}: ${message}${advice === null ? '' : ` (${advice})`}`;
  return new Error(password === undefined ? text : text.replaceAll(password, '***'));
}

/** A server may break a connection off without a word: then all that it may have missed is named. */
function adviceOnConnection(message: string, tls: ConnectionOptions | undefined): string | null {
  if (tls === undefined) return BROKEN_OFF.test(message) ? 'is this its port for TLS? Then use rediss://' : null;
  if (CERTIFICATE_WANTED.test(message)) return NEEDS_CERTIFICATE;
  if (CERTIFICATE_REFUSED.test(message)) return 'name the authority that issued its certificate as tls.ca';
  if (!BROKEN_OFF.test(message)) return null;
  return tls.cert === undefined ? `${NEEDS_CERTIFICATE}; is this its port for TLS?` : 'is this its port for TLS?';
}

/** OpenSSL tells its reason among places in its sources, and ends with a line break. */
const OF_OPENSSL = /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):.*$/s;

/** A refused connection over several addresses is an AggregateError, whose own message is empty. */
function reason(error: Error): string {
  if (error.message !== '') return replyOf(error).replace(OF_OPENSSL, '$1');
  if (error instanceof AggregateError) return [...error.errors].map((inner) => String(inner.message)).join(', ');
  return error.name;
}
