/** One process of `crash-logic`: exhausts the plans it is given. */
import { serveLane } from '../support/lanes.ts';
import { exhaust, type Depth, type Exhausted } from './exhaust.ts';
import { PLANS } from './plans.ts';
import { Bench } from './stage.ts';

export interface Piece extends Depth {
  readonly plan: number;
}

const bench = new Bench();
process.on('exit', () => bench.dispose());

serveLane<Piece, Exhausted>(({ plan, ...depth }) => {
  const chosen = PLANS[plan];
  if (!chosen) throw new Error(`there is no plan ${plan}`);
  return exhaust(bench, chosen, depth);
});
