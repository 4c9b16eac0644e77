/** One process of the simulation: lives the lives it is given. */
import { serveLane } from '../support/lanes.ts';
import { live, type Life } from './kiosk-life.ts';
import type { Tally } from './tally.ts';

serveLane<Life, Tally>(live);
