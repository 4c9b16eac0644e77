/** Seven bytes of date and time as Bluetooth health services send them: year little-endian, 0 = not known. */
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { byteAt, garbage } from './garbage.ts';

export const BLE_TIME_BYTES = 7;
export const BLE_TIME_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$';

/** `YYYY-MM-DDTHH:MM:SS`; a part the device does not know is `0000` or `00`. */
export function readBleTime(bytes: Uint8Array, at: number): Result<string> {
  const byte = (place: number): number => byteAt(bytes, at + place);
  const year = byte(0) | (byte(1) << 8);
  if (year !== 0 && (year < 1582 || year > 9999)) return garbage(at, `year ${year}`);
  const month = byte(2);
  const parts = [
    { name: 'month', place: 2, maximum: 12 },
    { name: `day of month ${month}`, place: 3, maximum: daysIn(year, month) },
    { name: 'hour', place: 4, maximum: 23 },
    { name: 'minute', place: 5, maximum: 59 },
    { name: 'second', place: 6, maximum: 59 },
  ];
  const wrong = parts.find(({ place, maximum }) => byte(place) > maximum);
  if (wrong) return garbage(at + wrong.place, `${wrong.name}: ${byte(wrong.place)}`);
  const [MM, DD, hh, mm, ss] = parts.map(({ place }) => pad(byte(place)));
  return ok(`${pad(year, 4)}-${MM}-${DD}T${hh}:${mm}:${ss}`);
}

export function writeBleTime(text: string): Uint8Array {
  const [year = 0, ...rest] = text.split(/[-T:]/).map(Number);
  return Uint8Array.of(year & 0xff, year >> 8, ...rest);
}

/** 31 where year or month is not known. */
export function daysIn(year: number, month: number): number {
  if (month === 0) return 31;
  return new Date(Date.UTC(year === 0 ? 2000 : year, month, 0)).getUTCDate();
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}
