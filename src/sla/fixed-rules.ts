import type { SlaConfig } from '../config/schema/sla.ts';
import { VigilError } from '../errors.ts';
import { type Metrics, readRule } from './read-rule.ts';
import type { BookedRule } from './rule-book.ts';
import { readRuleTexts } from './rule-file.ts';
import type { RuleText } from './rule-schema.ts';

/**
 * The rules of the configuration and of the files it names, and those that simulated clouds bring with them where no other
 * has the name. @throws VigilError that says what is wrong, and where
 */
export async function fixedRules(
  { rules, files = [] }: Pick<SlaConfig, 'rules' | 'files'>,
  simulated: readonly RuleText[],
  metrics: Metrics,
): Promise<readonly BookedRule[]> {
  const all = rules.map((text) => booked(text, 'the configuration', metrics));
  for (const file of files) {
    for (const text of await readRuleTexts(file, metrics)) all.push(booked(text, file, metrics));
  }
  const origins = new Map<string, string>();
  for (const { text, origin } of all) {
    const first = origins.get(text.name);
    if (first !== undefined) {
      throw new VigilError('rule-invalid', {
        problems: `  ${origin}: there is a rule ${text.name} in ${first} already`,
      });
    }
    origins.set(text.name, origin);
  }
  const brought = new Map(simulated.filter(({ name }) => !origins.has(name)).map((text) => [text.name, text]));
  return [...all, ...[...brought.values()].map((text) => booked(text, 'the simulated cloud', metrics))];
}

function booked(text: RuleText, origin: string, metrics: Metrics): BookedRule {
  return { rule: readRule(text, metrics), text, origin, changeable: false };
}
