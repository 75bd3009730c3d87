import { automationRoutes } from '../api/routes/automation.ts';
import type { Desk } from '../audits/desk.ts';
import type { Foundation } from '../foundation.ts';
import type { FailSafe } from '../plans/fail-safe.ts';
import { Pace } from '../plans/pace.ts';
import type { Part } from './part.ts';

/** Lets people see whether Vigil acts by itself, and stop it. */
export function automating({ config }: Foundation, { automation, book }: Desk, failSafe: FailSafe): Part {
  const counted = new Pace(config.automation.moves_per_hour);
  // Another process may be the one that acts: what it has begun is in the book.
  const pace = (): Pace => {
    counted.recount(book);
    return counted;
  };
  return { routes: (api) => automationRoutes(api, { automation, failSafe, pace, now: Date.now }) };
}
