/** A card as a table from command to answer, both hex; `6A82` to everything else. */
import { ok } from '../../../contract/outcome.schema.ts';
import type { Transmit } from '../apdu.ts';

export function scriptedCard(answers: Readonly<Record<string, string>>): (command: string) => string {
  return (command) => answers[command] ?? '6A82';
}

export function transmitTo(card: (command: string) => string, sent: string[] = []): Transmit {
  return (apdu) => {
    const command = Buffer.from(apdu).toString('hex').toUpperCase();
    sent.push(command);
    return Promise.resolve(ok(Uint8Array.from(Buffer.from(card(command), 'hex'))));
  };
}
