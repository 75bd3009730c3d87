import { describe, expect, it } from 'vitest';
import { guardOf } from '../../../src/identity/guard.ts';
import { POLICY, Policy, type Rule } from '../../../src/identity/policy.ts';

const someone = (...roles: string[]) => ({ user: 'u', project: 'p', roles });

describe('an address', () => {
  it.each([
    ['GET', '/', 'public:read'],
    ['GET', '/docs/static/index.css', 'public:read'],
    ['GET', '/model/hosts', 'model:read'],
    ['HEAD', '/model/hosts', 'model:read'],
    ['POST', '/model/refresh', 'model:write'],
    ['GET', '/sla/rules', 'sla:read'],
    ['DELETE', '/sla/rules/x', 'sla:write'],
    ['GET', '/metrics', 'metrics:read'],
    ['POST', '/v1/webhooks/:ident', 'webhook:trigger'],
  ])('%s %s is guarded by %s', (method, path, rule) => {
    expect(guardOf(method, path)).toEqual({ kind: 'rule', rule });
  });

  it('of API v1 looks up its rule itself', () => {
    expect(guardOf('GET', '/v1/audits')).toEqual({ kind: 'known' });
  });

  it('that nobody thought of is for administrators', () => {
    expect(guardOf('GET', '/modelling')).toEqual({ kind: 'rule', rule: 'model:write' });
  });
});

describe('the policy', () => {
  it('lets administrators do everything', () => {
    const policy = new Policy();
    const open = Object.keys(POLICY).filter((rule) => !rule.endsWith(':read_project')) as Rule[];
    for (const rule of open) expect([rule, policy.allows(rule, someone('admin'))]).toEqual([rule, true]);
  });

  it('lets services read and trigger, members see what is their project’s, others nothing', () => {
    const policy = new Policy();
    const allowed = (role: string) =>
      (Object.keys(POLICY) as Rule[]).filter((rule) => policy.allows(rule, someone(role)));
    const open = ['metrics:read', 'public:read'];
    expect(allowed('stranger')).toEqual(open);
    expect(allowed('member')).toEqual([...['model:read_project', 'events:read_project', 'sla:read_project', ...open]]);
    expect(allowed('service')).toEqual(
      expect.arrayContaining(['webhook:trigger', 'model:read', 'sla:read', 'events:read']),
    );
    expect(allowed('service')).not.toContain('audit:create');
  });
});
