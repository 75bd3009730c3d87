import { Counter, Gauge, type Registry } from 'prom-client';
import { STATES } from '../../streams/sla/state.ts';
import type { SlaEngine } from './engine.ts';

/** What rules come to, read at each scrape. */
export function measureRules(registry: Registry, engine: SlaEngine): void {
  const registers = [registry];
  new Gauge({
    ...{ name: 'vigil_sla_series', help: 'Series of a rule by state', labelNames: ['rule', 'state'], registers },
    collect() {
      this.reset();
      for (const { rule, counts } of engine.evaluator.rules()) {
        for (const [i, state] of STATES.entries()) this.set({ rule: rule.name, state }, counts[i] ?? 0);
      }
    },
  });
  new Gauge({
    ...{ name: 'vigil_sla_incidents_open', help: 'Breaches that have not ended', labelNames: ['rule'], registers },
    collect() {
      this.reset();
      for (const { rule } of engine.evaluator.rules()) this.set({ rule: rule.name }, 0);
      for (const { rule } of engine.incidents.open()) this.inc({ rule });
    },
  });
  new Gauge({
    ...{ name: 'vigil_sla_sample_bytes', help: 'Memory that the samples in windows take', registers },
    collect() {
      this.set(engine.samples.bytes);
    },
  });
  new Gauge({
    ...{ name: 'vigil_sla_breaches_unshared', help: 'Breaches seen here that the process that acts does not see' },
    registers,
    collect() {
      this.set(engine.unshared.count);
    },
  });
  new Gauge({
    ...{ name: 'vigil_sla_budget_left', help: 'Share of the allowed violation that is left', registers },
    labelNames: ['rule'],
    collect() {
      this.reset();
      for (const { rule, budgetLeft } of standings(engine)) if (budgetLeft !== null) this.set({ rule }, budgetLeft);
    },
  });
  new Gauge({
    ...{
      name: 'vigil_sla_burn_rate',
      help: 'How fast the allowed violation is used up; 1 lasts the period',
      registers,
    },
    labelNames: ['rule', 'window'],
    collect() {
      this.reset();
      for (const { rule, burnRates } of standings(engine)) {
        for (const [window, rate] of Object.entries(burnRates)) if (rate !== null) this.set({ rule, window }, rate);
      }
    },
  });
  new Gauge({
    ...{
      name: 'vigil_sla_scope_burn_rate',
      help: 'The same of each aggregate and host that is counted apart',
      registers,
    },
    labelNames: ['rule', 'per', 'scope', 'window'],
    collect() {
      this.reset();
      for (const { rule } of engine.evaluator.rules()) {
        for (const { per, scope, burnRates } of engine.objectives.scopes(rule.name, engine.lastStep ?? 0)) {
          if (per === 'resource') continue;
          for (const [window, rate] of Object.entries(burnRates)) {
            if (rate !== null) this.set({ rule: rule.name, per, scope, window }, rate);
          }
        }
      }
    },
  });
  new Gauge({
    ...{ name: 'vigil_sla_objective_scopes', help: 'Scopes of which objectives are counted apart', registers },
    collect() {
      this.set(engine.objectives.room.count);
    },
  });
  const counters = [
    ['vigil_sla_steps_total', 'Evaluations of all rules', () => engine.counts.steps],
    ['vigil_sla_step_seconds_total', 'Time that evaluations took', () => engine.counts.seconds],
    ['vigil_sla_transitions_total', 'Changes of state of series', () => engine.counts.transitions],
    ['vigil_sla_audits_asked_total', 'Audits asked for by this process', () => engine.counts.audits],
    [
      'vigil_sla_samples_without_room_total',
      'Samples of new series for which there was no room',
      () => engine.room.refused,
    ],
    [
      'vigil_sla_scopes_without_room_total',
      'Steps of scopes that were not counted for want of room',
      () => engine.objectives.room.refused,
    ],
    ['vigil_sla_samples_late_total', 'Samples older than any rule or strategy asks for', () => engine.counts.late],
  ] as const;
  for (const [name, help, read] of counters) {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

function* standings(engine: SlaEngine) {
  for (const { rule } of engine.evaluator.rules()) {
    const standing = engine.objectives.standing(rule.name, engine.lastStep ?? 0);
    if (standing !== null) yield { rule: rule.name, ...standing };
  }
}
