/** Chip data of field 55: BER-TLV with one or two tag bytes and short or 81 lengths (device-protocols 5.8). */

/** Tag and value as capital hex, in order; undefined when the text is no TLV. */
export function readTlvs(hex: string): [tag: string, value: string][] | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const tlvs: [string, string][] = [];
  for (let at = 0; at < bytes.length;) {
    const tagBytes = ((bytes[at] ?? 0) & 0x1f) === 0x1f ? 2 : 1;
    const first = bytes[at + tagBytes];
    if (first === undefined) return undefined;
    const isLong = first === 0x81;
    const length = isLong ? bytes[at + tagBytes + 1] : first;
    if (length === undefined || (!isLong && first >= 0x80)) return undefined;
    const start = at + tagBytes + (isLong ? 2 : 1);
    if (start + length > bytes.length) return undefined;
    tlvs.push([upper(bytes.subarray(at, at + tagBytes)), upper(bytes.subarray(start, start + length))]);
    at = start + length;
  }
  return tlvs;
}

function upper(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
