import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import { maskUserinfo } from './secrets.ts';

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** `auto`: pretty when a person looks at it (a terminal), JSON lines otherwise. */
  readonly format: 'auto' | 'pretty' | 'json';
}

/** Names under which secrets occur, at any of the first three levels of what is logged. */
const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', '["x-auth-token"]'];
const LEVELS = ['', '*.', '*.*.'];

/**
 * The program's log. Secrets never get into it: values under their names are left out, and user names and passwords are
 * masked in anything that looks like a URL, error messages included. `stream` instead of stdout is for tests.
 */
export function createLog(options: LogOptions, stream?: DestinationStream): Logger {
  const forPeople = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY === true);
  const out = stream ?? process.stdout;
  const target = forPeople
    ? pretty({ destination: out as NodeJS.WritableStream, ignore: 'pid,hostname', singleLine: true, sync: true })
    : out;
  return pino(
    {
      level: options.level,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => LEVELS.map((level) => pathOf(level, key))), censor: '…' },
      hooks: { streamWrite: maskUserinfo },
    },
    target,
  );
}

function pathOf(level: string, key: string): string {
  return key.startsWith('[') ? `${level.slice(0, -1)}${key}` : `${level}${key}`;
}
