import { zoneOf } from '../../model/grouping.ts';
import type { View } from '../../model/view.ts';
import type { Where } from '../../streams/sla/rule.ts';
import { nearest } from '../nearest.ts';

/** What a rule's scope names and the model has not, each in a sentence: such a rule may be about nobody by a slip. */
export function unknownNames(where: Where, view: View): string[] {
  const { aggregate = [], availability_zone: zone = [], host = [], server_group: group = [] } = where;
  const aggregates = [...view.aggregates()];
  return [
    ...missing('aggregate', aggregate, () => aggregates.flatMap(namesOf)),
    ...missing('availability zone', zone, () => aggregates.flatMap((one) => zoneOf(one) ?? [])),
    ...missing('host', host, () => [...view.hosts()].map(({ name }) => name)),
    ...missing('server group', group, () => [...view.serverGroups()].flatMap(namesOf)),
  ];
}

function namesOf({ uuid, name }: { readonly uuid: string; readonly name: string | null }): string[] {
  return name === null ? [uuid] : [name, uuid];
}

function missing(kind: string, wanted: readonly string[], known: () => string[]): string[] {
  if (wanted.length === 0) return [];
  const names = known();
  return wanted
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = nearest(name, names);
      return `the model has no ${kind} ${name}${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}
