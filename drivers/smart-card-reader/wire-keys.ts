/** The protocols of this class for a person with a line of hex (device-protocols 2). */
import type { WireKey } from '../wire-key.ts';
import { decodeApdus, encodeApdus, maskApdu } from './apdu.codec.ts';
import type { Family } from './apdu-answers.codec.ts';
import { decodeVpcd, encodeVpcdMeaning, maskVpcd, VpcdDecoder } from './vpcd.codec.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  apduKey('smartcard-ssse', 'ssse', 'Social-security card, APDUs of ISO 7816-4 (device-protocols 2.2)'),
  apduKey('smartcard-select', 'select', 'Application selection, APDUs of ISO 7816-4 (device-protocols 2.3)'),
  apduKey('smartcard-pboc', 'pboc', 'PBOC e-purse, APDUs (device-protocols 2.4, 2.5)'),
  apduKey('smartcard-psam', 'psam', 'Purchase module of the e-purse, APDUs (device-protocols 2.6)'),
  {
    key: 'vpcd',
    protocol: 'Virtual card reader, length and payload (device-protocols 2.7)',
    decode: decodeVpcd,
    encode: encodeVpcdMeaning,
    mask: maskVpcd,
    stream() {
      const decoder = new VpcdDecoder();
      return {
        push: (chunk) => decoder.push(chunk).payloads,
        get pendingBytes() {
          return decoder.pendingBytes;
        },
      };
    },
  },
];

function apduKey(key: string, family: Family, protocol: string): WireKey {
  return { key, protocol, decode: (bytes) => decodeApdus(bytes, family), encode: encodeApdus, mask: maskApdu };
}
