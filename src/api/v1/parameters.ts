import type { Parameters } from '../../audits/audit.ts';
import { FORCE_REFRESH } from '../../audits/parameters.ts';
import { invalid } from './arguments.ts';
import type { CatalogStrategy } from './catalog.ts';
import { Fault } from './fault.ts';
import { pythonType } from './python-text.ts';

/** Refuses parameters that a strategy does not have, and all of them where there is none. */
export function checkParameterNames(strategy: CatalogStrategy | undefined, parameters: object, nobodys: string): void {
  const names = Object.keys(parameters).filter((name) => name !== FORCE_REFRESH);
  const known = (strategy?.strategy.parameters as { properties?: object } | undefined)?.properties ?? {};
  for (const name of names) {
    if (strategy === undefined) throw new Fault('refused', { problem: nobodys });
    if (!Object.hasOwn(known, name)) throw new Fault('refused', { problem: `Audit parameter ${name} are not allowed` });
  }
}

/** Parameters as they were given; none for null. Throws Fault for what is no object. */
export function readParameters(field: string, given: unknown): Parameters {
  if (given === undefined || given === null) return {};
  if (pythonType(given) === 'dict') return given as Parameters;
  const problem = `Wrong type. Expected '<class 'dict'>', got '<class '${pythonType(given)}'>'`;
  throw invalid(field, given, problem);
}
