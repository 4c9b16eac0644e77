/**
 * The serial number of a Type-B card through a plain contactless reader (device-protocols 1.9). It says whether the same
 * card still lies there; it identifies nobody.
 */

export const READ_UID = Uint8Array.of(0x00, 0x36, 0x00, 0x00, 0x08);
export const UID_BYTES = 8;

/** Capital hex of the eight bytes; undefined when the reader refused or answered something else. Some append a 00. */
export function readUid(response: Uint8Array): string | undefined {
  const hasTail = response.length === UID_BYTES + 3 && response.at(-1) === 0;
  const end = hasTail ? response.length - 1 : response.length;
  if (end !== UID_BYTES + 2 || response[UID_BYTES] !== 0x90 || response[UID_BYTES + 1] !== 0) return undefined;
  return Buffer.from(response.subarray(0, UID_BYTES)).toString('hex').toUpperCase();
}
