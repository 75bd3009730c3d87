import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import type { ScopeView } from '../../streams/sla/scope.ts';
import { checkTree } from '../config/check.ts';
import { isTree, schemaNode } from '../config/json-schema.ts';
import { Origins } from '../config/origins.ts';
import { formatProblem } from '../config/problems.ts';
import { VigilError } from '../errors.ts';

const text = Type.Unsafe<string>({ type: 'string', form: 'a text' });
const textOrNull = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], form: 'a text or null' }));
const texts = Type.Unsafe<readonly string[]>({ type: 'array', items: { type: 'string' }, form: 'a list of texts' });
const map = Type.Unsafe<{ readonly [key: string]: string }>({
  ...{ type: ['object', 'null'], additionalProperties: { type: 'string', form: 'a text' }, form: 'a map of texts' },
});
const listOf = <T extends ReturnType<typeof Type.Object>>(item: T) =>
  Type.Optional(Type.Array(item, { form: 'a list of what the API shows' }));

/** What the lists of the API say, as far as it decides whom a rule is about; all else is passed over. */
const MODEL = Type.Object({
  hosts: listOf(Type.Object({ name: text })),
  instances: listOf(
    Type.Object({
      ...{ uuid: text, host: textOrNull, project_id: textOrNull, metadata: Type.Optional(map) },
      flavor: Type.Optional(
        Type.Unsafe<{ readonly name: string } | null>({
          ...{ type: ['object', 'null'], properties: { name: { type: 'string', form: 'a text' } }, required: ['name'] },
          form: 'a flavor with its name',
        }),
      ),
    }),
  ),
  aggregates: listOf(Type.Object({ uuid: text, name: text, hosts: texts, metadata: Type.Optional(map) })),
  server_groups: listOf(Type.Object({ uuid: text, name: textOrNull, members: texts })),
});

type ModelText = {
  readonly [list in keyof Static<typeof MODEL>]?: Static<typeof MODEL>[list];
};

const LISTS = Object.keys(MODEL.properties);

/**
 * Reads whom rules can be about from a JSON file: the answers of `GET /model/hosts`, `/model/instances`,
 * `/model/aggregates` and `/model/server-groups` put together into one object.
 */
export async function readModelFile(file: string): Promise<ScopeView> {
  const tree = await parse(file);
  if (!isTree(tree) || !LISTS.some((list) => Object.hasOwn(tree, list))) {
    throw unreadable(file, `it has none of ${LISTS.join(', ')}`);
  }
  const problems = checkTree(tree, schemaNode(MODEL), new Origins());
  if (problems.length > 0) {
    const [first] = problems.map((problem) => formatProblem({ ...problem, origin: file }).trim());
    throw unreadable(file, first ?? '');
  }
  return viewOf(tree as ModelText);
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw unreadable(file, (error as Error).message, error);
  }
}

function viewOf({ hosts = [], instances = [], aggregates = [], server_groups: groups = [] }: ModelText): ScopeView {
  const known = new Map(
    instances.map(({ uuid, host = null, project_id = null, flavor = null, metadata = null }) => [
      uuid,
      { uuid, place: { host }, identity: { project_id }, flavor, metadata },
    ]),
  );
  const names = new Set([...hosts.map(({ name }) => name), ...instances.map(({ host }) => host)]);
  const byHost = new Map<string, { uuid: string; name: string; metadata: { readonly [key: string]: string } }[]>();
  for (const { hosts: members, ...aggregate } of aggregates) {
    for (const host of members)
      byHost.set(host, [...(byHost.get(host) ?? []), { ...aggregate, metadata: aggregate.metadata ?? {} }]);
  }
  return {
    instance: (uuid) => known.get(uuid),
    host: (name) => (names.has(name) ? { name } : undefined),
    aggregatesOf: (host) => byHost.get(host) ?? [],
    groupsOf: (uuid) => groups.filter(({ members }) => members.includes(uuid)),
  };
}

function unreadable(file: string, problem: string, cause?: unknown): VigilError {
  return new VigilError('model-file-unreadable', { file, problem }, { cause });
}
