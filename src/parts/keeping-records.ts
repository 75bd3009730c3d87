import { hostname } from 'node:os';
import { exhaustMap, from, timer } from 'rxjs';
import type { Desk } from '../audits/desk.ts';
import type { Foundation } from '../foundation.ts';
import type { Part } from './part.ts';

/** How often an engine says that it lives, and others look. */
const SIGN_OF_LIFE_MILLIS = 10_000;

/** What acts in a process of the role `engine`, by the names that clients of Watcher know. */
const ENGINES = ['watcher-decision-engine', 'watcher-applier'];

/** Holds the records of audits, plans and actions, and tells others which engines there are. */
export function keepingRecords({ roles, service, log, fail }: Foundation, { book, engines }: Desk): Part {
  const sign = (): Promise<void> => (roles.has('engine') ? engines.announce(ENGINES, hostname()) : engines.read());
  return {
    begin: async () => {
      const { ended } = await book.open();
      ended.catch(fail);
      await sign();
      const signs$ = timer(SIGN_OF_LIFE_MILLIS, SIGN_OF_LIFE_MILLIS).pipe(
        exhaustMap(() => from(sign().catch((error: unknown) => log.warn({ err: error }, 'no sign of life was given')))),
      );
      service.running.add(signs$.subscribe());
    },
  };
}
