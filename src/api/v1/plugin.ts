import type { Api } from '../routes/route.ts';
import { answerFault, answerUnrouted } from './answer-fault.ts';
import { readJsonBodies } from './bodies.ts';
import type { V1 } from './context.ts';
import { readOperations } from './resource.ts';
import { actionOperations } from './resources/action-operations.ts';
import { actionPlanOperations } from './resources/action-plan-operations.ts';
import { auditOperations } from './resources/audit-operations.ts';
import { auditTemplateOperations } from './resources/audit-template-operations.ts';
import { dataModelOperations } from './resources/data-model.ts';
import { versionDocument } from './resources/documents.ts';
import { goals } from './resources/goals.ts';
import { scoringEngines } from './resources/scoring-engines.ts';
import { services } from './resources/services.ts';
import { strategies, strategyState } from './resources/strategies.ts';
import { webhookOperations } from './resources/webhooks.ts';
import { type Operation, serveResource } from './serve.ts';

/** API v1: what clients of Watcher know, under `/v1`. Its errors, bodies and arguments are read and written in its own way. */
export function serveV1(api: Api, v1: V1): void {
  api.register(
    (scope: Api, _options, done) => {
      scope.decorateRequest('minor', 0);
      scope.setErrorHandler(answerFault);
      scope.setNotFoundHandler(answerUnrouted);
      scope.setValidatorCompiler(() => () => true);
      readJsonBodies(scope);
      for (const [tag, operations] of Object.entries(resourcesOf(v1))) serveResource(scope, tag, operations);
      done();
    },
    { prefix: '/v1' },
  );
}

/** What there is, by collection. */
function resourcesOf(v1: V1): { readonly [tag: string]: readonly Operation[] } {
  const strategy = strategies(v1);
  return {
    versions: [versionDocument()],
    goals: readOperations(goals(v1), v1),
    strategies: [...readOperations(strategy, v1), strategyState(strategy, v1)],
    audit_templates: auditTemplateOperations(v1),
    audits: auditOperations(v1),
    action_plans: actionPlanOperations(v1),
    actions: actionOperations(v1),
    services: readOperations(services(v1), v1),
    scoring_engines: readOperations(scoringEngines(), v1),
    data_model: dataModelOperations(v1),
    webhooks: webhookOperations(v1),
  };
}
