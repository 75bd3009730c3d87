import { automationRoutes } from '../api/routes/automation.ts';
import type { Desk } from '../audits/desk.ts';
import type { FailSafe } from '../plans/fail-safe.ts';
import type { Part } from './part.ts';

/** Lets people see whether Vigil acts by itself, and stop it. */
export function automating({ automation }: Desk, failSafe: FailSafe): Part {
  return { routes: (api) => automationRoutes(api, automation, failSafe, Date.now) };
}
