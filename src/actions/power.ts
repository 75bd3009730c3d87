import { judgeServer } from './judge.ts';
import { isOver, refusesFrom, shown } from './moves.ts';
import type { ServerFields } from './server-fields.ts';
import type { Procedure } from './step.ts';

export function stopping(uuid: string): Procedure {
  const isStopped = ({ vmState, taskState }: ServerFields): boolean => vmState === 'stopped' && taskState === null;
  return power('stop', uuid, isStopped, ['active', 'error']);
}

export function starting(uuid: string): Procedure {
  const isActive = ({ vmState, taskState }: ServerFields): boolean => vmState === 'active' && taskState === null;
  return power('start', uuid, isActive, ['stopped']);
}

function power(
  call: 'stop' | 'start',
  uuid: string,
  isDone: (server: ServerFields) => boolean,
  from: readonly string[],
): Procedure {
  return {
    steps: [
      {
        call,
        server: uuid,
        send: (nova, options) => nova[call](uuid, options),
        isReached: (view) => isDone(shown(view, uuid)),
        looksOver: (view) => isOver(view, uuid),
        judge: (seen) => judgeServer({ ...seen, migration: null }, isDone),
        refuses: (server) => refusesFrom(server, null, from),
      },
    ],
  };
}
