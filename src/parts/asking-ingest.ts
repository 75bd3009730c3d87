import type { Foundation } from '../foundation.ts';
import { Inquirer } from '../inquiry.ts';
import { RECONCILE_MATTER, type ReconcileQuestions } from '../reconcile/questions.ts';
import type { Part } from './part.ts';

/** Where no notifications are taken in: what concerns the comparison with the cloud is asked of a process that does so. */
export function askingIngest({ service, fail }: Pick<Foundation, 'service' | 'fail'>): Part {
  const inquirer = new Inquirer<ReconcileQuestions>(service.store.ledger, RECONCILE_MATTER);
  return {
    begin: () => {
      service.elsewhere = inquirer;
      void inquirer.open().ended.catch(fail);
    },
  };
}
