import { Command } from 'commander';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import { DURATION_FORM, DURATION_PATTERN, parseDuration } from '../../../streams/sla/duration.ts';
import { ownMetric } from '../../config/schema/own-metrics.ts';
import { testRules } from '../sla-test.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

interface TestFlags extends SettingFlags {
  readonly step: string;
  readonly model?: string;
}

export function slaCommand(): Command {
  return new Command('sla').description('SLA rules').addCommand(
    configured('test')
      .description('say when rules would have been breached by recorded samples; as JSON lines, one a change of state')
      .argument('<rules>', 'a rule file, YAML or JSON: {rules: [...]}')
      .argument('<samples>', 'JSON lines {"metric","resource","value","time"}, in any order')
      .option('--step <duration>', 'how often to evaluate, at whole multiples of it', '15s')
      .option(
        '--model <file>',
        'hosts, instances, aggregates and server groups as the API lists them; default: rules are about all',
      )
      .action(async (rules: string, samples: string, flags: TestFlags) => {
        const { config } = await settingsOf(flags);
        const { step, model } = flags;
        if (!new RegExp(DURATION_PATTERN).test(step) || !(parseDuration(step) > 0)) {
          throw new Error(`--step ${step}: it must be more than nothing, ${DURATION_FORM}`);
        }
        const metrics = metricTable(config.metrics.own.map(ownMetric));
        await testRules({ rules, samples, metrics, step: parseDuration(step), model: model ?? null }, (line) =>
          process.stdout.write(`${line}\n`),
        );
      }),
  );
}
