import { hostname } from 'node:os';
import type { ActionTools } from '../actions/tools.ts';
import { answerFinder, type Evidence } from '../audits/answer.ts';
import { Auditor } from '../audits/auditor.ts';
import type { Desk } from '../audits/desk.ts';
import { Leader, newHolder, type Term } from '../audits/leader.ts';
import type { MovesSeen } from '../audits/moves-seen.ts';
import { forgetOld } from '../audits/retention.ts';
import { lookInRounds } from '../audits/rounds.ts';
import type { Foundation } from '../foundation.ts';
import { NovaControl } from '../openstack/nova-control.ts';
import { Applier } from '../plans/applier.ts';
import type { FailSafe } from '../plans/fail-safe.ts';
import { Interruptions } from '../plans/interruptions.ts';
import { MigrationsWatch } from '../plans/migrations-watch.ts';
import { Pace } from '../plans/pace.ts';
import type { PlanRunParts } from '../plans/plan-run.ts';
import { cloudReader } from './cloud-reader.ts';
import type { Part } from './part.ts';

const MILLIS = 1_000;
const FORGET_EVERY_MILLIS = 3_600_000;

/** Runs audits and carries plans out, as long as this process holds the leases for it. */
export function acting(
  foundation: Foundation,
  desk: Desk,
  failSafe: FailSafe,
  evidence: Evidence & { readonly history: MovesSeen } & Pick<PlanRunParts, 'hasRecovered'>,
): Part {
  const { config, service, openstack, log, fail } = foundation;
  const { engine, automation, limits } = config;
  const { model, feed$ } = service;
  const { book } = desk;
  const now = Date.now;
  const name = hostname();
  const reader = cloudReader(foundation);
  const moves = evidence.history;
  const stopping = new AbortController();
  let working: Promise<unknown> = Promise.resolve();

  const auditing = (): ((term: Term) => Promise<void>) => {
    const distrust = (): readonly string[] => failSafe.distrust();
    const answer = answerFinder({
      model,
      ...evidence,
      now,
      distrust,
      movesPerPlan: limits.moves_per_plan,
      emptiesOfExcluded: engine.maintenance_moves_excluded,
    });
    const parts = {
      book,
      audits: desk.audits,
      log,
      now,
      hostname: name,
      distrust,
      refresh: reader.readAll,
      read: reader.readEach,
      answer,
    };
    const auditor = new Auditor(parts);
    let forgotAt = 0;
    const look = async (term: Term): Promise<void> => {
      await auditor.look(term);
      if (now() - forgotAt < FORGET_EVERY_MILLIS) return;
      forgotAt = now();
      await forgetOld(book, now() - engine.retention * MILLIS, term);
    };
    return async (term) => {
      await lookInRounds(term, book.changed$, () => look(term), log);
      await auditor.ended();
    };
  };

  const applying = (): ((term: Term) => Promise<void>) => {
    const watch = new MigrationsWatch(model);
    service.running.add(feed$.subscribe((item) => watch.observe(item)));
    const tools: ActionTools = {
      model,
      changed$: feed$,
      nova: openstack === null ? null : { reading: openstack.nova, control: new NovaControl(openstack.nova) },
      read: reader.read,
      log,
      now,
      timeoutMillis: engine.action_timeout * MILLIS,
      silenceMillis: limits.nova_silence * MILLIS,
    };
    const pace = new Pace(automation.moves_per_hour);
    const applier = new Applier({
      book,
      tools,
      interruptions: new Interruptions(limits, model, () => watch.underWay),
      pace,
      log,
      now,
      rule: engine.execution_rule,
      reasons: () => failSafe.reasons(now()),
      hasRecovered: evidence.hasRecovered,
      hostname: name,
      automation,
      expiry: engine.plan_expiry,
    });
    return async (term) => {
      pace.recount(book);
      await lookInRounds(term, book.changed$, () => applier.look(term), log);
      await applier.ended();
    };
  };

  return {
    begin: () => {
      for (const { actionType, state, inputParameters, updatedAt } of book.actions.all()) {
        if (actionType !== 'migrate' || state !== 'SUCCEEDED') continue;
        moves.note(String(inputParameters.resource_id), updatedAt ?? 0);
      }
      service.running.add(
        feed$.subscribe((item) => {
          if (item.kind === 'changes') moves.observe(item.changes, now());
        }),
      );
      const holder = newHolder();
      const lead = (lease: string): Leader => new Leader(service.store.ledger, lease, holder, engine.lease);
      const { signal } = stopping;
      working = Promise.all([lead('audits').run(signal, auditing()), lead('plans').run(signal, applying())]).catch(
        (error: unknown) => {
          if (!signal.aborted) fail(error);
        },
      );
    },
    end: async () => {
      stopping.abort();
      await working;
      await reader.stop();
    },
  };
}
