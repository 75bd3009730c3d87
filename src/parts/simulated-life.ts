import type { Foundation } from '../foundation.ts';
import type { Part } from './part.ts';

/** Lets the simulated clouds of this process live, once somebody listens to them. */
export function simulatedLife({ simulations }: Foundation): Part {
  return {
    begin: () => {
      for (const simulation of simulations) simulation.start();
    },
  };
}
