/** The text block of a card as the sheet lays it out (device-protocols 1.7): UTF-16LE, padded with spaces, 256 bytes. */

/** Offset in bytes, length in bytes, text. */
export type Placed = readonly [offset: number, bytes: number, text: string];

export interface Person {
  readonly name: string;
  readonly sex: '0' | '1' | '2' | '9';
  readonly nation: string;
  /** yyyymmdd, as are the dates below. */
  readonly birth: string;
  readonly address: string;
  readonly number: string;
  readonly issuer: string;
  readonly from: string;
  /** Or 长期. */
  readonly to: string;
}

export function citizenText(person: Person, more: readonly Placed[] = []): Uint8Array {
  return textBlock([
    [0, 30, person.name],
    [30, 2, person.sex],
    [32, 4, person.nation],
    [36, 16, person.birth],
    [52, 70, person.address],
    [122, 36, person.number],
    [158, 30, person.issuer],
    [188, 16, person.from],
    [204, 16, person.to],
    ...more,
  ]);
}

/** Residence permit for people of Hong Kong, Macao and Taiwan (1.7.2). */
export function permitText(person: Person, travelPermit: string, issueCount: string): Uint8Array {
  return citizenText({ ...person, nation: '' }, [
    [220, 18, travelPermit],
    [238, 4, issueCount],
    [248, 2, 'J'],
  ]);
}

export function textBlock(fields: readonly Placed[]): Uint8Array {
  const block = Buffer.alloc(256, Buffer.from(' ', 'utf16le'));
  for (const [offset, bytes, text] of fields) {
    const encoded = Buffer.from(text, 'utf16le');
    if (encoded.length > bytes) throw new Error(`a field of ${bytes} bytes at ${offset} cannot hold ${encoded.length}`);
    encoded.copy(block, offset);
  }
  return Uint8Array.from(block);
}

export function paddedText(text: string, bytes: number): Uint8Array {
  return Uint8Array.from(Buffer.from(text.padEnd(bytes / 2, ' '), 'utf16le'));
}
