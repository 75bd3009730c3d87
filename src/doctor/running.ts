import { type ApiClient, NothingAnswers } from '../client/api-client.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

/** What is read of /model/stats. */
interface Stats {
  readonly synced: boolean;
  readonly not_synced_because?: readonly string[];
  readonly instances: { readonly count: number };
  readonly hosts: { readonly count: number };
  readonly ingest: { readonly messages: number; readonly dead_letters: number; readonly clocks_cut: number };
  readonly store: { readonly kind: string; readonly location: string; readonly problems: readonly string[] };
  readonly notices: readonly { readonly code: string; readonly text: string }[];
}

const ABOUT = 'service';

/** What a running Vigil says of itself; null when none answers. */
export async function checkRunning(api: ApiClient): Promise<Finding[] | null> {
  let stats: Stats;
  try {
    stats = await api.get<Stats>('/model/stats');
  } catch (error) {
    if (error instanceof NothingAnswers) return null;
    return [
      failure(
        ABOUT,
        (error as Error).message,
        'Ask it as it wants to be asked: it is another configuration’s, or another program.',
      ),
    ];
  }
  const { ingest, store } = stats;
  const findings = [
    ok(ABOUT, `running: ${stats.hosts.count} hosts, ${stats.instances.count} instances, ${ingest.messages} messages`),
  ];
  if (!stats.synced)
    findings.push(
      warning(ABOUT, `not synced: ${stats.not_synced_because?.join('; ')}`, 'Wait, or mend what it names.'),
    );
  if (ingest.dead_letters > 0) {
    findings.push(
      warning(ABOUT, `${ingest.dead_letters} messages could not be read`, 'See /model/dead-letters for the reasons.'),
    );
  }
  if (ingest.clocks_cut > 0) {
    const text = `${ingest.clocks_cut} messages came from clocks more than five minutes ahead`;
    findings.push(warning('clocks', text, 'Run NTP on the hosts of nova’s services, and here.'));
  }
  for (const { text } of stats.notices) findings.push(warning(ABOUT, text, 'See docs/operations.'));
  for (const problem of store.problems) findings.push(warning('store', problem, 'See docs/operations.'));
  if (store.problems.length === 0) findings.push(ok('store', `${store.kind} (${store.location})`));
  return findings;
}
