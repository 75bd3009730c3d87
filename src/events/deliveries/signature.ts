import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
const MILLIS_PER_SECOND = 1_000;

/** Headers of Standard Webhooks 1.0 by which a receiver knows who sent a body, and when (ms since 1970). */
export function signed(id: string, body: string, at: number, secret: string): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / MILLIS_PER_SECOND));
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
