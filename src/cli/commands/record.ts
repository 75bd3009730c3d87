import type { Command } from 'commander';
import { fromEvent, merge } from 'rxjs';
import { simulateCloud } from '../../simulated-cloud.ts';
import { openSources } from '../../sources.ts';
import { record } from '../record.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

export function recordCommand(): Command {
  return configured('record')
    .description('write every notification to a file, exactly as received, through a queue of its own, until ^C')
    .argument('<file>', 'the file to write (JSON lines); must not exist yet')
    .action(async (file: string, flags: SettingFlags) => {
      const { config } = await settingsOf(flags);
      const sources = await openSources(config.sources, {
        cloud: config.cloud,
        reader: `vigil.${config.cloud}.record-${process.pid}`,
        simulate: async (settings) => {
          const simulation = await simulateCloud(settings);
          simulation.start();
          return simulation;
        },
      });
      for (const { name, events$ } of sources)
        events$.subscribe(({ kind, detail }) => console.error(`${name}: ${kind}: ${detail}`));
      const written = await record(sources, file, merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')));
      console.error(`${written} messages written to ${file}`);
      process.exit(0);
    });
}
