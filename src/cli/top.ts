import { styleText } from 'node:util';
import type { ApiClient } from '../client/api-client.ts';
import { printable } from './printable.ts';

/** What is read of an answer of /model/hosts. */
export interface HostsAnswer {
  readonly revision: string;
  readonly age_seconds: number | null;
  readonly synced: boolean;
  readonly not_synced_because?: readonly string[];
  readonly hosts: readonly ShownHost[];
  readonly next_marker?: string | null;
}

interface ShownHost {
  readonly name: string;
  readonly az: string;
  readonly up: boolean | null;
  readonly service: { readonly disabled: boolean; readonly forced_down: boolean } | null;
  readonly nodes: readonly { readonly vcpus: number; readonly memory_mb: number }[];
  readonly instances: { readonly count: number; readonly vcpus: number; readonly memory_mb: number };
}

const BAR = 16;
const PAGE = 1_000;

/** Reads all hosts, page by page. */
export async function readHosts(api: ApiClient): Promise<HostsAnswer> {
  let answer = await api.get<HostsAnswer>(`/model/hosts?limit=${PAGE}`);
  const hosts = [...answer.hosts];
  while (answer.next_marker) {
    answer = await api.get<HostsAnswer>(`/model/hosts?limit=${PAGE}&marker=${encodeURIComponent(answer.next_marker)}`);
    hosts.push(...answer.hosts);
  }
  return { ...answer, hosts };
}

/** The hosts with their load as lines of text, the fullest first, at most `rows` of them. */
export function renderHosts(answer: HostsAnswer, rows: number): string[] {
  const sorted = [...answer.hosts].sort((a, b) => load(b) - load(a) || (a.name < b.name ? -1 : 1));
  const total = sorted.reduce((sum, host) => sum + host.instances.count, 0);
  const standing = answer.synced
    ? styleText('green', 'synced')
    : styleText('red', `not synced: ${printable(answer.not_synced_because?.join('; '))}`);
  const age = answer.age_seconds === null ? 'never heard anything' : `heard ${answer.age_seconds.toFixed(1)} s ago`;
  const lines = [
    `${answer.hosts.length} hosts, ${total} instances   ${standing}   ${age}   revision ${answer.revision}`,
    '',
    styleText('bold', `${'HOST'.padEnd(28)} ${'STATE'.padEnd(9)} INST  ${'VCPUS'.padEnd(BAR + 10)} MEMORY`),
  ];
  for (const host of sorted.slice(0, rows)) lines.push(hostLine(host));
  if (sorted.length > rows) lines.push(`… and ${sorted.length - rows} more`);
  return lines;
}

function hostLine(host: ShownHost): string {
  const vcpus = host.nodes.reduce((sum, node) => sum + node.vcpus, 0);
  const memory = host.nodes.reduce((sum, node) => sum + node.memory_mb, 0);
  const { count } = host.instances;
  return [
    printable(host.name).slice(0, 28).padEnd(28),
    stateOf(host).padEnd(9),
    String(count).padStart(4),
    '',
    `${bar(host.instances.vcpus, vcpus)} ${amount(host.instances.vcpus, vcpus)}`.padEnd(BAR + 10),
    `${bar(host.instances.memory_mb, memory)} ${amount(gib(host.instances.memory_mb), gib(memory))} GiB`,
  ].join(' ');
}

function stateOf({ service, up }: ShownHost): string {
  if (service === null) return 'unknown';
  if (service.forced_down) return 'forced';
  if (up === false) return 'down';
  return service.disabled ? 'disabled' : 'up';
}

/** Filled by what is used; vCPUs are usually promised more than once, so a bar may be over-full. */
function bar(used: number, total: number): string {
  const share = total === 0 ? 0 : used / total;
  const filled = Math.min(BAR, Math.round(share * BAR));
  const text = '█'.repeat(filled) + '░'.repeat(BAR - filled);
  return share > 1 ? styleText('yellow', text) : text;
}

function amount(used: number, total: number): string {
  return `${used}/${total === 0 ? '?' : total}`;
}

function gib(mib: number): number {
  return Math.round(mib / 1024);
}

function load(host: ShownHost): number {
  const memory = host.nodes.reduce((sum, node) => sum + node.memory_mb, 0);
  return memory === 0 ? host.instances.count / 1e6 : host.instances.memory_mb / memory;
}
