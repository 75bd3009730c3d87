import { Ajv, type ErrorObject } from 'ajv';
import { nearest } from '../nearest.ts';
import type { Fields } from './fields.ts';

/** Parameters as they were given on the command line, `name=value` each. */
export type Assignments = readonly string[];

/** The JSON schema of a strategy's parameters. */
export interface ParameterSchema {
  readonly properties?: Readonly<Record<string, ParameterSpec>>;
  readonly required?: readonly string[];
}

export interface ParameterSpec {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * The parameters of a strategy from `name=value` pairs; a value is read as JSON where its schema wants more than a text.
 * @throws Error that names the parameter and says what it may be
 */
export function readParameters(assignments: Assignments, schema: ParameterSchema, strategy: string): Fields {
  const given = Object.fromEntries(assignments.map((text) => readAssignment(text, schema, strategy)));
  const problems = parameterProblems(given, { ...schema, required: [] });
  if (problems.length > 0) throw new Error(problems.map((problem) => `--parameter ${problem}`).join('\n'));
  const missing = (schema.required ?? []).filter((name) => !(name in given));
  if (missing.length > 0) {
    throw new Error(`strategy ${strategy} needs ${missing.map((name) => `--parameter ${name}=…`).join(' ')}`);
  }
  return given;
}

/** What is wrong with parameters by their schema, a sentence each that begins with the parameter's name. */
export function parameterProblems(parameters: Fields, schema: ParameterSchema): string[] {
  const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
  return validate(parameters) ? [] : (validate.errors ?? []).map((error) => problemOf(error, schema));
}

/** The parameters of a strategy as rows for a person. */
export function describeParameters({ properties = {}, required = [] }: ParameterSchema): Fields[] {
  return Object.entries(properties).map(([name, spec]) => ({
    name,
    type: [spec.type ?? 'any'].flat().join(' or '),
    required: required.includes(name),
    default: spec.default ?? null,
    allowed: allowed(spec) || null,
    description: spec.description,
  }));
}

function readAssignment(text: string, { properties = {} }: ParameterSchema, strategy: string): [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Error(`--parameter ${text}: write it as name=value`);
  const name = text.slice(0, equals);
  const spec = properties[name];
  if (spec === undefined) {
    const names = Object.keys(properties);
    const meant = nearest(name, names);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new Error(`strategy ${strategy} has no parameter ${name}; ${known}.${hint}`);
  }
  return [name, readValue(text.slice(equals + 1), [spec.type ?? 'string'].flat())];
}

function readValue(text: string, types: readonly string[]): unknown {
  if (types.every((type) => type === 'string')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function problemOf({ instancePath, message }: ErrorObject, { properties = {} }: ParameterSchema): string {
  const [name = '', ...deeper] = instancePath.slice(1).split('/');
  const spec = properties[name];
  const where = deeper.length === 0 ? name : `${name}, at ${deeper.join('/')},`;
  const limits = spec === undefined ? '' : allowed(spec);
  return `${where} ${message}${limits === '' ? '' : ` (allowed: ${limits})`}`;
}

function allowed({ minimum, maximum, enum: values }: ParameterSpec): string {
  if (values !== undefined) return values.map(String).join(', ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? '' : `at most ${maximum}`;
}
