import { randomUUID } from 'node:crypto';
import { VigilError } from '../errors.ts';
import type { AuditTemplate } from './audit-template.ts';
import type { Book } from './book.ts';
import { goalNamed, strategyNamed } from './catalogue.ts';
import { checkAsGiven } from './parameters.ts';
import { checkedScope } from './scope/check.ts';

type Content = Pick<AuditTemplate, 'name' | 'description' | 'goal' | 'strategy' | 'scope' | 'defaultParameters'>;

/** What a new template is made of; the rest is empty when it is left out. */
export type NewTemplate = Pick<Content, 'name' | 'goal'> & Partial<Content>;

/** What clients may do with audit templates. Reading is done in the book. */
export class TemplateService {
  readonly #book: Book;
  readonly #now: () => number;

  constructor(book: Book, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  /**
   * The template of a uuid, a name or a number.
   *
   * @throws VigilError `audit-template-not-found`
   */
  find(id: string): AuditTemplate {
    const { templates } = this.#book;
    const number = /^\d{1,15}$/.test(id) ? templates.byId(Number(id)) : undefined;
    const template = templates.get(id) ?? templates.byName(id) ?? number;
    if (template === undefined || template.deletedAt !== null) throw new VigilError('audit-template-not-found', { id });
    return template;
  }

  /** @throws VigilError when something of it is not valid, names nothing, or its name is taken */
  async create(request: NewTemplate): Promise<AuditTemplate> {
    const uuid = randomUUID();
    await this.#book.change((changes) => {
      const nothing = { description: null, strategy: null, scope: [], defaultParameters: {} };
      const content = this.#checked({ ...nothing, ...request }, uuid);
      const at = this.#now();
      const id = changes.number('audit_template');
      changes.put('audit_template', { ...content, id, uuid, createdAt: at, updatedAt: null, deletedAt: null });
    });
    return this.find(uuid);
  }

  /** @throws VigilError when it cannot be changed so */
  async update(uuid: string, change: Partial<Content>): Promise<AuditTemplate> {
    await this.#book.change((changes) => {
      const template = this.find(uuid);
      const content = this.#checked({ ...template, ...change }, uuid);
      changes.put('audit_template', { ...template, ...content, updatedAt: this.#now() });
    });
    return this.find(uuid);
  }

  async delete(uuid: string): Promise<void> {
    await this.#book.change((changes) => {
      changes.put('audit_template', { ...this.find(uuid), deletedAt: this.#now() });
    });
  }

  #checked(content: Content, uuid: string): Content {
    const { name, description, strategy: strategyName, defaultParameters } = content;
    const goal = goalNamed(content.goal).name;
    const strategy = strategyName === null ? null : strategyNamed(strategyName);
    if (strategy !== null && strategy.goal !== goal) {
      const problem = `${strategy.name} serves the goal ${strategy.goal}, not ${goal}`;
      throw new VigilError('audit-invalid', { field: 'strategy', problem });
    }
    const [parameter] = Object.keys(defaultParameters);
    if (strategy !== null) checkAsGiven(strategy, defaultParameters);
    else if (parameter !== undefined) {
      const field = `default_parameters.${parameter}`;
      throw new VigilError('audit-invalid', { field, problem: 'there is no strategy to give it to' });
    }
    const other = this.#book.templates.byName(name);
    if (other !== undefined && other.uuid !== uuid) {
      throw new VigilError('name-taken', { kind: 'an audit template', name });
    }
    const scope = checkedScope(content.scope);
    return { name, description, goal, strategy: strategy?.name ?? null, scope, defaultParameters };
  }
}
