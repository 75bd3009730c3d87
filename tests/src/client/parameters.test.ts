import { describe, expect, it } from 'vitest';
import { describeParameters, type ParameterSchema, readParameters } from '../../../src/client/parameters.ts';

const SCHEMA: ParameterSchema = {
  properties: {
    host: { type: 'string', description: 'A host.' },
    threshold: { type: 'number', minimum: 0, maximum: 100, default: 80 },
    kinds: { type: 'array', items: { enum: ['live', 'cold'] } } as ParameterSchema['properties'] & object,
    live: { type: 'boolean', default: true },
    way: { type: 'string', enum: ['up', 'down'] },
  },
  required: ['host'],
};

const read = (...given: string[]): unknown => readParameters(given, SCHEMA, 'balance');

describe('parameters on the command line', () => {
  it('are read as their schema wants them', () => {
    expect(read('host=1', 'threshold=12.5', 'live=false', 'kinds=["live"]', 'way=up')).toEqual({
      host: '1',
      threshold: 12.5,
      live: false,
      kinds: ['live'],
      way: 'up',
    });
  });

  it('may have an equals sign in the value', () => {
    expect(read('host=a=b')).toEqual({ host: 'a=b' });
  });

  it.each([
    [['host=a', 'threshold=much'], '--parameter threshold must be number (allowed: 0 to 100)'],
    [['host=a', 'threshold=101'], '--parameter threshold must be <= 100 (allowed: 0 to 100)'],
    [['host=a', 'way=left'], '--parameter way must be equal to one of the allowed values (allowed: up, down)'],
    [['host=a', 'kinds=["fast"]'], '--parameter kinds, at 0, must be equal to one of the allowed values'],
    [['threshold=5'], 'strategy balance needs --parameter host=…'],
    [['host'], '--parameter host: write it as name=value'],
    [
      ['hots=a'],
      'strategy balance has no parameter hots; it has host, threshold, kinds, live, way. Did you mean host?',
    ],
  ])('%j are refused: %s', (given, message) => {
    expect(() => read(...given)).toThrow(message);
  });

  it('are described from the same schema', () => {
    expect(describeParameters(SCHEMA).slice(0, 2)).toEqual([
      { name: 'host', type: 'string', required: true, default: null, allowed: null, description: 'A host.' },
      {
        name: 'threshold',
        type: 'number',
        required: false,
        default: 80,
        allowed: '0 to 100',
        description: undefined,
      },
    ]);
  });
});
