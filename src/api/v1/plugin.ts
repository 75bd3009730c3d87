import type { Api } from '../routes/route.ts';
import { answerFault, answerUnrouted } from './answer-fault.ts';
import { readJsonBodies } from './bodies.ts';
import type { V1 } from './context.ts';
import { readOperations } from './resource.ts';
import { versionDocument } from './resources/documents.ts';
import { goals } from './resources/goals.ts';
import { strategies, strategyState } from './resources/strategies.ts';
import { serveResource } from './serve.ts';

/** API v1: what clients of Watcher know, under `/v1`. Its errors, bodies and arguments are read and written in its own way. */
export function serveV1(api: Api, v1: V1): void {
  api.register(
    (scope: Api, _options, done) => {
      scope.decorateRequest('minor', 0);
      scope.setErrorHandler(answerFault);
      scope.setNotFoundHandler(answerUnrouted);
      scope.setValidatorCompiler(() => () => true);
      readJsonBodies(scope);
      serveResource(scope, 'versions', [versionDocument()]);
      const goal = goals(v1);
      serveResource(scope, goal.collection, readOperations(goal, v1));
      const strategy = strategies(v1);
      serveResource(scope, strategy.collection, [...readOperations(strategy, v1), strategyState(strategy, v1)]);
      done();
    },
    { prefix: '/v1' },
  );
}
