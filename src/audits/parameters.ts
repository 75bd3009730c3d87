import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Strategy } from '../../strategies/strategy.ts';
import { VigilError } from '../errors.ts';
import type { Parameters } from './audit.ts';

/** A parameter of any audit, whatever its strategy: whether the model is read anew before each run. */
export const FORCE_REFRESH = 'force_refresh';

/** Strategies' schemas are written for several tools; what they say beyond checking is not looked at. */
const CHECKS = new Ajv({ allErrors: true, strict: false, useDefaults: true, logger: false });
const CHECKS_AS_GIVEN = new Ajv({ allErrors: true, strict: false, logger: false });

/**
 * Parameters checked by a strategy's schema, with its defaults filled in.
 *
 * @throws VigilError `parameters-invalid`, naming each field that is wrong
 */
export function withDefaults(strategy: Strategy, parameters: Parameters): Parameters {
  const { [FORCE_REFRESH]: refresh, ...own } = structuredClone(parameters);
  check(CHECKS, strategy, own, refresh);
  return refresh === undefined ? own : { ...own, [FORCE_REFRESH]: refresh };
}

/**
 * Checks parameters that a template keeps as they are given.
 *
 * @throws VigilError `parameters-invalid`, naming each field that is wrong
 */
export function checkAsGiven(strategy: Strategy, parameters: Parameters): void {
  const { [FORCE_REFRESH]: refresh, ...own } = parameters;
  // What a template leaves out may be given when it is used.
  check(CHECKS_AS_GIVEN, strategy, own, refresh, ({ keyword }) => keyword !== 'required');
}

/** What the strategy itself is given. */
export function ofStrategy(parameters: Parameters): Parameters {
  const { [FORCE_REFRESH]: _, ...own } = parameters;
  return own;
}

function check(
  ajv: Ajv,
  strategy: Strategy,
  own: Parameters,
  refresh: unknown,
  counts: (error: ErrorObject) => boolean = () => true,
): void {
  const validate = validator(ajv, strategy);
  const problems = validate(own) ? [] : (validate.errors ?? []).filter(counts).map(inWords);
  if (refresh !== undefined && typeof refresh !== 'boolean') problems.push(`${FORCE_REFRESH} must be true or false`);
  if (problems.length > 0) {
    throw new VigilError('parameters-invalid', {
      strategy: strategy.name,
      problems: [...new Set(problems)].join('; '),
    });
  }
}

const compiled = new WeakMap<Ajv, Map<Strategy, ValidateFunction>>();

function validator(ajv: Ajv, strategy: Strategy): ValidateFunction {
  const known = compiled.get(ajv) ?? new Map<Strategy, ValidateFunction>();
  compiled.set(ajv, known);
  let validate = known.get(strategy);
  if (validate === undefined) {
    const { $schema: _, ...schema } = strategy.parameters;
    validate = ajv.compile({ ...schema, type: 'object', additionalProperties: false });
    known.set(strategy, validate);
  }
  return validate;
}

/** `para1 must be <= 10.2`, with the field first. */
function inWords({ instancePath, keyword, params, message }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  const field = (name: unknown): string => (path === '' ? String(name) : `${path}.${name}`);
  if (keyword === 'additionalProperties') return `${field(params.additionalProperty)} is not known`;
  if (keyword === 'required') return `${field(params.missingProperty)} is missing`;
  if (keyword === 'enum') return `${path} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return `${path === '' ? 'the parameters' : path} ${message ?? `break the rule ${keyword}`}`;
}
