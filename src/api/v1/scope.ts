import type { ScopeSpec } from '../../audits/audit.ts';
import { invalid } from './arguments.ts';
import { Fault } from './fault.ts';
import { pythonText } from './python-text.ts';
import type { Words } from './refusals.ts';

/** Words of our own for what clients know by others. */
const KNOWN_AS: Readonly<Record<string, string>> = {
  'host_aggregates cannot be both included and excluded': "host_aggregates can't be included and excluded together",
};

/** A scope as it was given. Throws Fault for what is no list. */
export function readScope(scope: unknown): ScopeSpec {
  if (scope === null || scope === undefined) return [];
  if (!Array.isArray(scope)) throw invalid('scope', pythonText(scope), 'It must be a list.');
  return scope as ScopeSpec;
}

/** How a scope that cannot be used is told: as a mistake of the whole argument. */
export function scopeWords(argument: string, body: unknown): Words {
  return {
    'audit-invalid': ({ field, problem = '' }, { message }) =>
      field === 'scope'
        ? invalid(argument, pythonText(body), KNOWN_AS[String(problem)] ?? `scope: ${problem}`)
        : new Fault('refused', { problem: message }),
  };
}
