/** What a maintainer reads: is there a reader, a PSAM, a card, and does the kiosk know it. Nothing personal. */
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';
import type { CardLink } from './card-link.ts';

export interface SelfTestSetting {
  readonly link: CardLink;
  /** Absent: this station takes no money from purses. */
  readonly psam: CardLink | undefined;
  readonly profileIds: readonly string[];
  readonly read: () => Promise<Outcome<SmartCardReply>>;
}

export async function* testSmartCardReader({
  link,
  psam,
  profileIds,
  read,
}: SelfTestSetting): AsyncGenerator<SelfTestLine> {
  const { state, presence } = link.condition;
  const isOnline = state === 'online';
  yield { step: 'reader', result: isOnline ? 'pass' : 'fail', detail: describe(link) };
  const known = profileIds.join(', ') || 'none';
  yield { step: 'profiles', result: profileIds.length > 0 ? 'pass' : 'fail', detail: known.slice(0, 300) };
  if (psam) {
    const isIn = psam.condition.presence === 'present';
    yield {
      step: 'PSAM',
      result: isIn ? 'pass' : 'fail',
      detail: `${describe(psam)}, ${isIn ? 'in its slot' : 'not in its slot'}`,
    };
  }
  if (!isOnline) return;
  if (presence !== 'present') {
    yield { step: 'card', result: 'skip', detail: 'no card on the reader: lay one down and test again' };
    return;
  }
  yield cardLine(await read());
}

function describe({ address, condition: { state, problem } }: CardLink): string {
  return `${address} ${state} ${state === 'online' ? '' : (problem?.detail ?? '')}`.trim().slice(0, 250);
}

function cardLine(outcome: Outcome<SmartCardReply>): SelfTestLine {
  if (outcome.kind === 'done') return { step: 'card', result: 'pass', detail: `read as ${outcome.reply.profile}` };
  const { code, detail } = outcome.problem;
  const { number, maintainer } = PROBLEMS[code];
  // an expired, foreign or guarded card proves the reader as well as any
  const isProof = code === 'card.unknown' || code === 'card.expired' || code === 'card.pinNeeded';
  return {
    step: 'card',
    result: isProof ? 'pass' : 'fail',
    detail: `${number} ${maintainer} ${detail ?? ''}`.trim().slice(0, 300),
  };
}
