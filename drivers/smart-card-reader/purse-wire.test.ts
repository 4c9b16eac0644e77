/** The bytes of a purchase, against the sheet's worked frames; the test is the card and the PSAM. */
import { describe, expect, it } from 'vitest';
import type { SmartCardCommand } from '../../contract/devices/smart-card-reader.schema.ts';
import { fail } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { framesOf } from '../testing/frames.ts';
import { createSmartCardReader } from './smart-card-reader.driver.ts';
import { shippedProfile } from './testing/card-profiles.ts';
import { FakeCardLink, type FakeCard } from './testing/fake-card.link.ts';
import { scriptedCard } from './testing/scripted-card.ts';

const pboc = framesOf('smartcard-pboc');
const sam = framesOf('smartcard-psam');
const MAY_FIRST_MS = Date.UTC(2024, 4, 1, 0, 30, 15);
const SELECT = '00A404000E50414E59552E4D534B2E44454D4F';
const SERIAL_1234 = '00001234567890123456';
const INFO = pboc('rsp-0015').replace('44010012345678901234', SERIAL_1234);
const DEBIT = pboc('debit-purchase');
const DEBITED = 'B5A8AA5D134D33E89000';

/** The card and the PSAM of the sheet. */
const CARD: Record<string, string> = {
  [SELECT]: '9000',
  '00B095001E': INFO,
  '805C000204': pboc('balance-12.34'),
  [pboc('init-purchase')]: pboc('rsp-init-purchase'),
  [DEBIT]: DEBITED,
};
const PSAM: Record<string, string> = {
  '00B0960006': sam('rsp-terminal'),
  [sam('select-df01')]: '9000',
  [sam('init-mac1')]: '6108',
  '00C0000008': sam('rsp-mac1'),
  [sam('check-mac2')]: '9000',
};

function station(settings = {}) {
  const clock = new SimulatedClock(MAY_FIRST_MS);
  const link = new FakeCardLink();
  const psam = new FakeCardLink();
  const driver = createSmartCardReader(
    { id: 'card', class: 'smart-card-reader', model: 'pcsc', link: { kind: 'pcsc' } },
    { clock, link, psam, settings, cardProfiles: [shippedProfile('livelihood-demo')] },
  );
  link.lay(scriptedCard(CARD));
  psam.lay(scriptedCard(PSAM));
  const run = (command: SmartCardCommand, ms = 10_000, signal = new AbortController().signal) =>
    clock.runUntil(driver.execute(command, { deadline: clock.now() + ms, signal }));
  const answering = (changes: Record<string, ReturnType<FakeCard>>): FakeCard => {
    const card = scriptedCard(CARD);
    return (command) => (command in changes ? changes[command] : card(command));
  };
  return { clock, link, psam, driver, run, answering };
}

const BUY = { kind: 'purchase', trade: 'T-1', amountCents: 200 } as const;

it('says the sheet’s commands, each once, and nothing after the money', async () => {
  const { link, psam, run } = station();
  expect(await run(BUY)).toMatchObject({ kind: 'done', reply: { purchase: { balanceCents: 1_034, tac: 'B5A8AA5D' } } });
  expect(link.commands.slice(-3)).toEqual(['805C000204', pboc('init-purchase'), DEBIT]);
  expect(psam.commands).toEqual(['00B0960006', sam('select-df01'), sam('init-mac1'), '00C0000008', sam('check-mac2')]);
  expect([link.openConnections, psam.openConnections]).toEqual([0, 0]);
});

it('gives a toll PSAM its area and its own directory', async () => {
  const { psam, run } = station({ psam: { reader: 'SAM', directory: 'DF03', area: '1122334455667788' } });
  psam.card = scriptedCard({
    ...PSAM,
    '00A4000002DF03': '9000',
    [`${sam('init-mac1').replace('807000001C', '8070000024')}1122334455667788`]: sam('rsp-mac1'),
  });
  expect(await run(BUY)).toMatchObject({ kind: 'done' });
});

describe('DEBIT', () => {
  it.each([
    ['9302', 'purse.refused'],
    ['9401', 'purse.insufficient'],
    ['9403', 'purse.refused'],
    ['6985', 'purse.refused'],
    ['6A81', 'purse.refused'],
    ['6D00', 'purse.refused'],
  ])('answered with %s had no effect', async (status, code) => {
    const { link, run, answering } = station();
    link.lay(answering({ [DEBIT]: status }));
    expect(await run(BUY)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code } });
  });

  it.each(['', '5A5A', '9000', 'B5A8AA5D9000', '6C08', '6283', '63C0', `${DEBITED.slice(0, -4)}9302`, '61'])(
    'answered with %j may have had one, and is not said again',
    async (answer) => {
      const { link, run, answering } = station();
      link.lay(answering({ [DEBIT]: answer }));
      expect(await run(BUY)).toMatchObject({
        kind: 'unknown',
        problem: { code: 'purse.torn' },
        lastEvidence: { value: expect.stringMatching(/^card=[0-9a-f]{16} account=2 seq=0012 before=1234 amount=200 /) },
      });
      expect(link.commands.filter((command) => command === DEBIT)).toHaveLength(1);
    },
  );

  it.each(['card.removed', 'device.lost', 'card.unreadable'] as const)('that ends with %s is torn', async (code) => {
    const { link, run, answering } = station();
    link.lay(answering({ [DEBIT]: fail(code) }));
    expect(await run(BUY)).toMatchObject({ kind: 'unknown', problem: { code: 'purse.torn' } });
  });

  it('that is never answered is torn at the deadline, at a cancel, and when the card is lifted', async () => {
    const late = station();
    late.link.lay(late.answering({ [DEBIT]: undefined }));
    expect(await late.run(BUY, 3_000)).toMatchObject({ kind: 'unknown', problem: { detail: 'device.deadline' } });
    expect(late.clock.now()).toBe(3_000);

    const cancelled = station();
    cancelled.link.lay(cancelled.answering({ [DEBIT]: undefined }));
    const cancel = new AbortController();
    cancelled.clock.after(100, () => cancel.abort());
    expect(await cancelled.run(BUY, 3_000, cancel.signal)).toMatchObject({
      kind: 'unknown',
      problem: { detail: 'kiosk.cancelled' },
    });

    const lifted = station();
    lifted.link.lay(lifted.answering({ [DEBIT]: undefined }));
    lifted.clock.after(100, () => lifted.link.lift());
    expect(await lifted.run(BUY)).toMatchObject({ kind: 'unknown', problem: { detail: 'card.removed' } });
  });
});

describe('before DEBIT', () => {
  it.each([1, 2, 3, 4, 5])(
    'nothing has happened when the card is mute at command %i and the deadline comes',
    async (k) => {
      const { link, run } = station();
      const card = scriptedCard(CARD);
      link.lay((command, count) => (count === k ? undefined : card(command)));
      expect(await run(BUY, 2_000)).toMatchObject({
        kind: 'failed',
        effect: 'none',
        problem: { code: 'device.deadline' },
      });
      expect(link.commands).not.toContain(DEBIT);
    },
  );

  it('two balances that differ end it', async () => {
    const { link, run, answering } = station();
    link.lay(answering({ '805C000204': '000004D39000' }));
    expect(await run(BUY)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'card.unreadable' } });
  });

  it.each(['9401', '9403', '6A86', '9000'])('INITIALIZE answered with %s ends it', async (status) => {
    const { link, run, answering } = station();
    link.lay(answering({ [pboc('init-purchase')]: status }));
    expect(await run(BUY)).toMatchObject({ kind: 'failed', effect: 'none' });
    expect(link.commands).not.toContain(DEBIT);
  });
});

it('lets the card go once it has paid: lifted then, it is paid all the same', async () => {
  const { link, psam, run } = station();
  const module = scriptedCard(PSAM);
  psam.lay((command) => {
    if (command === sam('check-mac2')) link.lift();
    return module(command);
  });
  expect(await run(BUY)).toMatchObject({ kind: 'done', reply: { purchase: { state: 'charged' } } });
});

it('a PSAM pulled after the money leaves the sale unknown, with the TAC', async () => {
  const { psam, run } = station();
  const module = scriptedCard(PSAM);
  psam.lay((command) => (command === sam('check-mac2') ? fail('card.removed') : module(command)));
  expect(await run(BUY)).toMatchObject({
    kind: 'unknown',
    problem: { code: 'purse.torn' },
    lastEvidence: { value: expect.stringContaining('tac=B5A8AA5D') },
  });
});

describe('settling', () => {
  const debitOf = async ({ link, run, answering }: ReturnType<typeof station>) => {
    link.lay(answering({ [DEBIT]: '' }));
    const outcome = await run(BUY);
    if (outcome.kind !== 'unknown' || !outcome.lastEvidence) throw new Error('not torn');
    return outcome.lastEvidence.value;
  };
  const OURS = '00120000000000' + '00C806440113000001202405010830159000';
  const OTHERS = '00110000000000' + '00C806440113000001202405010820159000';
  const PROVED = pboc('rsp-prove-done');

  it.each([
    ['proof, log and balance', { balance: '0000040A', log: OURS, proof: PROVED }, 'charged'],
    ['proof under the next number', { balance: '0000040A', log: OURS, next: PROVED }, 'charged'],
    ['no proof command at all', { balance: '0000040A', log: OURS, proof: '6D00', next: '6D00' }, 'charged'],
    ['a log that is not given away', { balance: '0000040A', log: '6A82', proof: PROVED }, 'charged'],
    ['nothing of it', { balance: '000004D2', log: OTHERS }, 'notCharged'],
    ['a proof of the purchase before', { balance: '000004D2', log: OTHERS, proof: PROVED }, 'notCharged'],
    ['an empty log', { balance: '000004D2', log: '6A83' }, 'notCharged'],
    ['less money, but neither record nor proof', { balance: '0000040A', log: OTHERS }, undefined],
    ['less money and a proof, but another record', { balance: '0000040A', log: OTHERS, proof: PROVED }, undefined],
    ['our record, and the money still there', { balance: '000004D2', log: OURS, proof: PROVED }, undefined],
    ['another balance altogether', { balance: '00000001', log: OTHERS, proof: '9406' }, undefined],
  ] as const)('%s', async (_name, shown, state) => {
    const all = station();
    const debit = await debitOf(all);
    const { balance, log, proof, next } = { proof: '9406', next: '9406', ...shown };
    all.link.lay(
      all.answering({
        '805C000204': `${balance}9000`,
        [pboc('read-log-1')]: log,
        [pboc('get-prove-same-seq')]: proof,
        '805A000602001308': next,
      }),
    );
    const settled = await all.run({ kind: 'settle', trade: 'T-1', debit });
    if (state === undefined)
      expect(settled).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'purse.torn' } });
    else expect(settled).toMatchObject({ kind: 'done', reply: { purchase: { state, terminalSequence: '00000077' } } });
    expect(all.link.commands.filter((command) => command === DEBIT)).toHaveLength(1);
  });

  it('is another trade’s, or a changed line: not settled', async () => {
    const all = station();
    const debit = await debitOf(all);
    all.link.lay(scriptedCard(CARD));
    expect(await all.run({ kind: 'settle', trade: 'T-2', debit })).toMatchObject({ problem: { code: 'purse.torn' } });
    expect(await all.run({ kind: 'settle', trade: 'T-1', debit: 'card=1' })).toMatchObject({
      problem: { code: 'kiosk.badMessage' },
    });
  });
});
