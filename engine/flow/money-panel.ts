/**
 * The money-safe panel (M02): paid, printed, recorded, each said by who knows it; the code when something is open, and what
 * happens with it by itself. One account, shown, spoken and printed.
 */
import type { Lamp } from '../../contract/view.schema.ts';
import type { MoneyStanding } from './ports.ts';
import type { Speech } from './texts.ts';

export type PrintedState = Lamp['state'];

export interface MoneyPanelInput {
  readonly money: MoneyStanding;
  readonly printed: PrintedState;
  /** What is printed is the slip with the code; the receipt itself cannot be. */
  readonly isCodeSlip?: boolean;
  /** Of an open case. */
  readonly code?: string | undefined;
}

export interface MoneyPanel {
  readonly lamps: Lamp[];
  /** What happens from here on without anybody doing anything; undefined when all is done. */
  readonly next: string | undefined;
  /** All of it as sentences, the code letter by letter. */
  readonly speech: string;
}

const PAID_LAMP: Readonly<Record<MoneyStanding['paid'], Lamp['state']>> = {
  yes: 'yes',
  no: 'no',
  open: 'open',
  returning: 'open',
  returned: 'yes',
};

export function moneyPanel(speech: Speech, { money, printed, isCodeSlip = false, code }: MoneyPanelInput): MoneyPanel {
  const lamps: Lamp[] = [
    { label: speech.say(`panel.paid.${money.paid}`), state: PAID_LAMP[money.paid] },
    { label: speech.say(`panel.${isCodeSlip ? 'claimPrinted' : 'printed'}.${printed}`), state: printed },
    // Both are safe: a record in this machine goes up by itself and is never dropped.
    { label: speech.say(`panel.recorded.${money.recorded}`), state: 'yes' },
  ];
  const next = nextOf(speech, { money, printed, code });
  const said = [
    ...lamps.map(({ label }) => speech.say('panel.sentence', { text: label })),
    ...(code === undefined ? [] : [speech.say('panel.codeSpoken', { code: spelled(code) })]),
    ...(next === undefined ? [] : [next]),
  ];
  return { lamps, next, speech: said.join(' ') };
}

function nextOf(speech: Speech, { money, printed, code }: MoneyPanelInput): string | undefined {
  if (money.paid === 'open') return speech.say('panel.next.open');
  if (money.paid === 'returning') return speech.say('panel.next.returning');
  if (money.paid === 'yes' && code !== undefined && printed !== 'yes') return speech.say('print.keepCode');
  if (money.recorded === 'here') return speech.say('panel.next.here');
  return undefined;
}

/** `K7QM-2XRD`: `K 7 Q M, 2 X R D`. */
export function spelled(code: string): string {
  return code
    .split('-')
    .map((part) => [...part].join(' '))
    .join(', ');
}
