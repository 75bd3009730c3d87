import { tieBreak } from '../../../../model/clock.ts';
import type { ElementKey } from '../../../../model/element.ts';
import type { Fact } from '../../../../model/fact.ts';
import { fact } from '../facts.ts';

const ELEMENTS = 60;
const REGISTERS = 7;
const TIMES = 5_000;
const MAX_FACTS = 12;

/**
 * What a writer says in its nth commit: the same whenever it is asked, some of it also said by others, in no order of
 * time, and one thing only of each register at each time.
 */
export function said(writer: number, commit: number): Fact[] {
  const count = 1 + (number(`${writer} ${commit}`) % MAX_FACTS);
  return Array.from({ length: count }, (_, i) => {
    const chance = number(`${writer} ${commit} ${i}`);
    const element: ElementKey = `instance/${chance % ELEMENTS}`;
    const time = number(`${chance}`) % TIMES;
    const register = `r${Math.floor(chance / ELEMENTS) % REGISTERS}`;
    return fact(element, register, time, { time, register, text: 'x'.repeat(time % 50) });
  });
}

function number(text: string): number {
  return Number.parseInt(tieBreak(text), 16);
}
