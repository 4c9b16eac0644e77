/** Everything a slip may say, masked and in the resident's language, from what the steps before have left. */
import type { Answers, StepInput } from './flow.types.ts';
import { maskCard, maskName, maskPlate } from './mask.ts';
import type { ReceiptValues } from './receipts.ts';
import { durationText } from './steps/price.step.ts';
import type { Speech } from './texts.ts';

type SlipInput = Pick<
  StepInput,
  'answers' | 'helperPhone' | 'holder' | 'ports' | 'service' | 'speech' | 'stationName'
> & {
  readonly txn: string;
};

/** The transaction that the slip belongs to: that of the payment or the ticket. */
export function slipTxn(answers: Answers): string | undefined {
  for (const answer of Object.values(answers))
    if (answer.kind === 'paid' || answer.kind === 'ticket') return answer.txn;
  return undefined;
}

export function slipValues(input: SlipInput): ReceiptValues {
  const { day, time } = input.ports.localTime();
  const { txn } = input;
  return {
    station: input.stationName,
    day,
    time,
    ...(input.ports.timeVerified() ? {} : { timeUnverified: 'yes' }),
    txn,
    collect: `COLLECT:${txn}`,
    service: input.speech.say(`service.${input.service.id}.name`),
    ...holderValues(input),
    ...Object.assign({}, ...Object.values(input.answers).map((answer) => answerValues(answer, input))),
  };
}

/** The card that was read in the service, or else the one the session began with. */
function holderValues(input: SlipInput): Record<string, string> {
  const read = Object.values(input.answers).find((answer) => answer.kind === 'holder');
  const holder = read?.holder ?? input.holder;
  if (!holder) return {};
  return {
    holderCard: maskCard(holder.cardNumber),
    ...(holder.holderName === undefined ? {} : { holder: maskName(holder.holderName) }),
  };
}

function answerValues(answer: Answers[string], input: SlipInput): Record<string, string> {
  const { speech } = input;
  switch (answer?.kind) {
    case 'plate':
      return { plate: maskPlate(answer.plate) };
    case 'paid':
      return { ...paidValues(answer, speech), recorded: recordedBy(input, answer.txn) };
    case 'ticket':
      return ticketValues(answer, input);
    case 'verified':
      return { verified: 'yes' };
    default:
      return {};
  }
}

function paidValues(answer: Extract<Answers[string], { kind: 'paid' }>, speech: Speech): Record<string, string> {
  const { quote } = answer;
  const yuan = (cents: number) => speech.say('money.yuan', { amount: speech.amount(cents) });
  return {
    place: quote.place[speech.locale],
    parked: durationText(speech, quote.parkedMinutes),
    full: yuan(quote.fullCents),
    ...(quote.discountCents > 0 ? { discount: `-${yuan(quote.discountCents)}` } : {}),
    paid: yuan(quote.dueCents),
    grace: speech.say('duration.minutes', { minutes: quote.graceMinutes }),
    ...(answer.cardMasked === undefined ? {} : { bankCard: answer.cardMasked }),
    proof: `KIOSK:${answer.txn}:${quote.dueCents}`,
  };
}

/** As it stands while the slip is being printed: who has the record of the payment. */
function recordedBy({ speech, ports }: SlipInput, txn: string): string {
  return speech.say(`slip.recordedBy.${ports.money(txn).recorded}`);
}

/** What a resident takes home when the bank has not said whether it took the money. */
export function claimValues(input: SlipInput & { readonly code: string; readonly amountCents: number }): ReceiptValues {
  const { speech, code, amountCents } = input;
  return {
    ...slipValues(input),
    code,
    amount: speech.say('money.yuan', { amount: speech.amount(amountCents) }),
    phone: input.helperPhone,
  };
}

function ticketValues(
  answer: Extract<Answers[string], { kind: 'ticket' }>,
  { speech, ports, service }: SlipInput,
): Record<string, string> {
  const fact = ports.queueFact(answer.queue);
  const opens = fact?.opensAt;
  return {
    queue: speech.say(`service.${service.id}.window.${answer.queue}`),
    ...(answer.number === undefined ? { noNumber: 'yes' } : { number: answer.number }),
    ...(answer.offline ? { offline: 'yes' } : {}),
    ahead: aheadText(speech, answer.offline, fact),
    ...(opens === undefined ? {} : { opens }),
    proof: `TICKET:${answer.txn}:${answer.number ?? ''}`,
  };
}

function aheadText(speech: Speech, offline: boolean, fact: { ahead: number; asOf: string } | undefined): string {
  if (!fact) return speech.say('queue.aheadUnknown');
  if (offline) return speech.say('queue.aheadUnknownButThen', { ahead: fact.ahead, time: fact.asOf });
  return speech.say('queue.aheadPeople', { ahead: fact.ahead });
}
