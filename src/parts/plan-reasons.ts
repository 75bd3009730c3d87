import { plansRoutes } from '../api/routes/plans.ts';
import type { Desk } from '../audits/desk.ts';
import type { Part } from './part.ts';

/** Shows plans with their reasons, to the page and to people. */
export function planReasons({ book }: Desk): Part {
  return { routes: (api) => plansRoutes(api, book) };
}
