/** What may go wrong around one visit: each plan is a visit, the devices' faults and the line's. */
import type { CabinetFaults } from '../support/cabinet.ts';
import { NO_LINE_FAULTS, type LineFaults } from '../support/line.ts';

/** `collect`: a door alone. `both`: money for a slip and what lies behind a door. `handIn`: a form, and a slip for it. */
export type Visit = 'pay' | 'number' | 'giveBack' | 'waive' | 'collect' | 'both' | 'handIn';

export interface Plan {
  readonly name: string;
  readonly visit: Visit;
  readonly devices: Partial<CabinetFaults>;
  readonly line: LineFaults;
}

type Named<Value> = Readonly<Record<string, Value>>;

/** Money comes in. */
const TAKEN: Named<Partial<CabinetFaults>> = {
  'the sale goes well': {},
  'the answer to the sale is lost': { sale: 'replyLost' },
  'the answer is lost, the terminal away for a while': { sale: 'replyLost', queryFails: 3 },
};
/** Long enough for a case: many kill points each. */
const TAKEN_LATE: Named<Partial<CabinetFaults>> = {
  'the answer is lost, the terminal away for long': { sale: 'replyLost', queryFails: 9 },
};
const NOT_TAKEN: Named<Partial<CabinetFaults>> = {
  'the sale never arrives': { sale: 'requestLost' },
  'the sale never arrives, the terminal away for long': { sale: 'requestLost', queryFails: 9 },
  'the sale is declined': { sale: 'decline' },
  'the decline is lost': { sale: 'declineReplyLost' },
  'the terminal refuses': { sale: 'refused' },
};
const PAPER: Named<Partial<CabinetFaults>> = {
  'the slip comes out': {},
  'the answer to the print is lost': { print: 'printedReplyLost' },
  'the answer is lost, the printer away for a while': { print: 'printedReplyLost', settleAway: 4 },
  'the print never arrives': { print: 'requestLost' },
  'the print never arrives, the printer away for a while': { print: 'requestLost', settleAway: 4, retractAway: 2 },
  'no paper': { print: 'paperOut' },
  'a jam': { print: 'jam' },
  'the printer is away': { printerAway: true },
  'the printer cannot tell': { print: 'printedReplyLost', cannotTell: true },
};
const BACK: Named<Partial<CabinetFaults>> = {
  'reversals go well': {},
  'reversals get lost': { reverseRequestLost: 2 },
  'answers to reversals get lost': { reverseReplyLost: 2 },
  'reversals are refused': { reverseRefused: true },
};
const DOORS: Named<Partial<CabinetFaults>> = {
  'the door opens': {},
  'the answer of the door is lost': { door: 'openedReplyLost' },
  'the answer is lost, the board away for a while': { door: 'openedReplyLost', doorAway: 4 },
  'the pulse never arrives': { door: 'requestLost' },
  'the pulse never arrives, nothing tells of it': { door: 'requestLost', doorBlind: true },
  'the door is stuck': { door: 'stuck' },
};
const LINES: readonly (readonly [string, Partial<LineFaults>])[] = [
  ['the line holds', {}],
  ['batches get lost', { requestsLost: 2 }],
  ['answers get lost', { repliesLost: 2 }],
  ['batches arrive twice', { doubled: true }],
  ['the platform is busy', { busy: 2 }],
];

/** Everything with everything, as far as the parts reach. */
function cross(
  ...parts: readonly Named<Partial<CabinetFaults>>[]
): readonly (readonly [string, Partial<CabinetFaults>])[] {
  return parts.reduce<readonly (readonly [string, Partial<CabinetFaults>])[]>(
    (before, part) =>
      before.flatMap(([name, faults]) =>
        Object.entries(part).map(([words, more]) => [`${name}, ${words}`, { ...faults, ...more }] as const),
      ),
    [['', {}]],
  );
}

/** Goes through the reversals and the lines as it goes through the rest, each with each in the course of it. */
function plansOf(visit: Visit, faults: readonly (readonly [string, Partial<CabinetFaults>])[]): readonly Plan[] {
  const reversals = Object.entries(BACK);
  return faults.map(([name, devices], index) => {
    const [back, backFaults] = reversals[index % reversals.length] ?? ['', {}];
    const [line, lineFaults] = LINES[index % LINES.length] ?? ['', {}];
    return {
      name: `${visit}${name}, ${back}, ${line}`,
      visit,
      devices: { ...backFaults, ...devices },
      line: { ...NO_LINE_FAULTS, ...lineFaults },
    };
  });
}

export const PLANS: readonly Plan[] = [
  ...plansOf('pay', cross(TAKEN, PAPER)),
  ...plansOf('pay', cross(TAKEN_LATE, { 'the slip comes out': {}, 'no paper': { print: 'paperOut' } })),
  ...plansOf('pay', cross(NOT_TAKEN)),
  ...plansOf('number', cross(PAPER)),
  ...plansOf('giveBack', cross(TAKEN, BACK)),
  // once it is a case the resident cannot give it back: only what the start after a crash gives back differs from `pay`
  ...plansOf('giveBack', cross(TAKEN_LATE, { 'reversals are refused': { reverseRefused: true } })),
  ...plansOf('waive', cross(TAKEN)),
  ...plansOf('collect', cross(DOORS)),
  ...plansOf('both', cross({ 'the answer to the sale is lost': { sale: 'replyLost' } }, DOORS)),
  ...plansOf('both', cross({ 'the answer to the print is lost': { print: 'printedReplyLost' } }, DOORS)),
  ...plansOf('handIn', cross(PAPER)),
];
