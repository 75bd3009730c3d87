import { pino } from 'pino';
import type { Ledger } from '../../../model/ledger.ts';
import { EventLog } from '../../../src/events/event-log.ts';
import { EventRecorder } from '../../../src/events/event-recorder.ts';

/** The events of a ledger as a process has them, and notes them; each call is another process. */
export async function openEvents(ledger: Ledger, kept = 100): Promise<EventLog> {
  const log = new EventLog(ledger);
  await log.open();
  const parts = { ledger, log, cloud: 'cloud', kept, patience: 0, logger: pino({ level: 'silent' }) };
  await new EventRecorder(parts).open();
  return log;
}
