/**
 * What may be said to a card twice and what may not. A question changes nothing: on a wire that does not protect its bytes it
 * is asked twice, and both answers must be the same, so that a flipped bit cannot become a card number. An act is said once.
 */
import { fail, type Result } from '../../contract/outcome.schema.ts';
import { exchange, type CardAnswer, type Transmit } from './apdu.ts';

export interface Dialogue {
  readonly ask: (command: Uint8Array) => Promise<Result<CardAnswer>>;
  readonly act: (command: Uint8Array) => Promise<Result<CardAnswer>>;
  readonly isChecked: boolean;
}

export function dialogueOver(transmit: Transmit, isChecked: boolean): Dialogue {
  return {
    ask: isChecked ? (command) => exchange(transmit, command) : (command) => askTwice(transmit, command),
    act: (command) => exchange(transmit, command, 'act'),
    isChecked,
  };
}

async function askTwice(transmit: Transmit, command: Uint8Array): Promise<Result<CardAnswer>> {
  const first = await exchange(transmit, command);
  if (!first.ok) return first;
  const second = await exchange(transmit, command);
  if (!second.ok) return second;
  const isSame =
    first.value.status === second.value.status && Buffer.compare(first.value.data, second.value.data) === 0;
  return isSame ? second : fail('card.unreadable', 'the same question was answered in two ways');
}
