import { access, constants } from 'node:fs/promises';
import type { Sample } from '../../model/metrics/sample.ts';
import { dryRun } from '../../streams/sla/dry-run.ts';
import { NoSample, parseSampleLine } from '../../streams/sla/sample-line.ts';
import { isInScope } from '../../streams/sla/scope.ts';
import { linesOf } from '../../streams/sources/lines.ts';
import { VigilError } from '../errors.ts';
import { readModelFile } from '../sla/model-file.ts';
import type { Metrics } from '../sla/read-rule.ts';
import { readRuleFile } from '../sla/rule-file.ts';

interface DryRun {
  readonly rules: string;
  readonly samples: string;
  readonly metrics: Metrics;
  /** Seconds. */
  readonly step: number;
  /** Without a model rules are about everything that is measured. */
  readonly model: string | null;
}

const MAX_LINE = 65_536;

/** Evaluates a rule file over recorded samples and writes each change of state as a line of JSON. */
export async function testRules(
  { rules: file, samples, metrics, step, model }: DryRun,
  write: (line: string) => void,
): Promise<void> {
  const rules = await readRuleFile(file, metrics);
  const view = model === null ? null : await readModelFile(model);
  const recorded = await readSamples(samples);
  const transitions = dryRun(
    rules,
    recorded,
    step,
    (rule, resource) => view === null || isInScope(rule, resource, view),
  );
  for (const { time, rule, resource, from, to } of transitions) {
    write(JSON.stringify({ time, rule, resource, from, to }));
  }
}

async function readSamples(file: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  await access(file, constants.R_OK).catch((error: Error) => {
    throw new Error(`the samples cannot be read: ${error.message}`);
  });
  for await (const { number, bytes, cut } of linesOf(file, MAX_LINE)) {
    try {
      if (cut) throw new NoSample(`it is longer than ${MAX_LINE} bytes`);
      samples.push(parseSampleLine(bytes.toString()));
    } catch (error) {
      if (!(error instanceof NoSample)) throw error;
      throw new VigilError('sample-line-invalid', { file, line: number, problem: error.message });
    }
  }
  return samples;
}
