import type { Desk } from '../audits/desk.ts';
import type { Foundation } from '../foundation.ts';
import { readWindow } from '../plans/change-windows.ts';
import { FailSafe } from '../plans/fail-safe.ts';

/** What says whether Vigil may act by itself, as this process knows the cloud. */
export function failSafeOf({ config, service }: Foundation, { book }: Desk): FailSafe {
  const { max_model_age: maxAge, windows } = config.automation;
  return new FailSafe(
    {
      freshness: () => service.freshness(),
      held: () => service.reconcile?.status().held ?? {},
      automation: () => book.automation,
    },
    maxAge,
    windows.map(readWindow),
  );
}
