/**
 * The card reader as the conformance suite opens it: vpcd framing over any wire of bytes, a virtual card at its other end, the
 * PSAM in a slot of its own. The wire carries no check and no numbers, so what the driver adds itself is what is tried here.
 */
import { deepStrictEqual, match } from 'node:assert/strict';
import type { SmartCardReply } from '../../../contract/devices/smart-card-reader.schema.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import { cardDigest, writeOpenDebit } from '../open-debit.ts';
import { PsamSimulator } from '../simulator/psam.simulator.ts';
import { VirtualCardSimulator } from '../simulator/virtual-card.simulator.ts';
import { createSmartCardReader } from '../smart-card-reader.driver.ts';
import { VpcdCardLink } from '../vpcd.link.ts';
import { shippedProfile } from './card-profiles.ts';
import { SimulatedCardLink } from './simulated-card.link.ts';

const PROFILES = (['livelihood-demo', 'social-security', 'city-union', 't-union', 'lingnan-pass'] as const).map(
  shippedProfile,
);
const BUDGET_MS = 20_000;
/** A poll a second, five seconds for its answer. */
const NOTICE_MS = 8_000;

/** Application serial of the virtual card `livelihood-chen`, right-aligned in its ten bytes. */
const CHEN = Uint8Array.from(Buffer.from('00004401130000010017', 'hex'));
/** A debit that never reached the card. */
const OPEN_DEBIT = writeOpenDebit({
  card: cardDigest('T-1', CHEN),
  account: 2,
  sequence: 0x12,
  beforeCents: 1_234,
  amountCents: 200,
  terminal: '440113000001',
  terminalSequence: '00000077',
  at: '20260105080000',
});

function openDriver(link: ByteLink, clock: Clock): AnyDriver {
  const psam = new PsamSimulator({ clock, chance: { bytes: (length) => new Uint8Array(length) } });
  return createSmartCardReader(
    { id: 'card', class: 'smart-card-reader', model: 'virtual', link: { kind: 'vpcd', port: 1 } },
    {
      clock,
      cardProfiles: PROFILES,
      link: new VpcdCardLink(link, clock),
      psam: new VpcdCardLink(new SimulatedCardLink(psam), clock),
    },
  ) as AnyDriver;
}

/** The card as it was made, on the reader. */
function lay(id: string) {
  return (device: VirtualCardSimulator): void => {
    device.reissue();
    device.insert(id);
  };
}

function checkPaid(reply: unknown): void {
  const { cardNumber, purchase } = reply as SmartCardReply;
  const { at, tac, terminalSequence, ...paid } = purchase ?? {};
  deepStrictEqual(paid, {
    state: 'charged',
    amountCents: 200,
    balanceCents: 1_034,
    terminal: '440113000001',
  });
  deepStrictEqual([cardNumber, at?.length], ['4401130000010017', 19]);
  // the PSAM counts on
  match(terminalSequence ?? '', /^0000007[789]$/);
  match(tac ?? '', /^[0-9A-F]{8}$/);
}

const reading = (name: string, card: string, command: object = { kind: 'read' }) => ({
  name: `read ${name}`,
  command,
  budgetMs: BUDGET_MS,
  prepare: lay(card),
});

export const SUBJECTS: readonly ConformanceSubject[] = [
  subject<VirtualCardSimulator>({
    name: 'smart-card-reader vpcd',
    openDriver,
    openDevice({ clock, chance }) {
      const card = new VirtualCardSimulator({ clock, chance });
      card.insert('livelihood-chen');
      return card;
    },
    noticeMs: NOTICE_MS,
    tasks: [
      reading('a livelihood card', 'livelihood-chen'),
      reading('a social-security card', 'social-security-huang'),
      reading('purse and log of a city card', 'city-union', { kind: 'read', purse: true }),
      {
        name: 'purchase',
        command: { kind: 'purchase', trade: 'T-1', amountCents: 200 },
        budgetMs: BUDGET_MS,
        prepare: lay('livelihood-chen'),
        acts: (device) => device.debits,
        // time of day, and with it the TAC
        variable: true,
        check: checkPaid,
      },
      {
        name: 'settle a debit that never reached the card',
        command: { kind: 'settle', trade: 'T-1', debit: OPEN_DEBIT },
        budgetMs: BUDGET_MS,
        prepare: lay('livelihood-chen'),
      },
    ],
  }),
];
