import type { EscposCommand } from './escpos-parser.ts';
import type { PrinterTraits } from './printer-model.ts';
import { ejectorStatus, queuedPaperStatus, type MechanismStatus } from './printer-status.ts';

const DRAWER_PIN_HIGH = 0x01;
const SERIAL_NUMBER = 'SIM0001';

/** What comes back when a queued question is reached; undefined when the model does not answer it. */
export function answerOf(
  { name, data }: EscposCommand,
  traits: PrinterTraits,
  status: MechanismStatus,
  remainingCm: number,
): Uint8Array | undefined {
  const n = data[0] ?? 0;
  if (traits.language === 'star') return undefined;
  switch (name) {
    case 'GS r':
      return n % 48 === 1 ? queuedPaperStatus(status) : Uint8Array.of(DRAWER_PIN_HIGH);
    case 'GS I':
      return identification(n, traits);
    case 'GS ( H':
      return traits.processId ? processId(data) : undefined;
    default:
      return traits.fullStatus ? presenterAnswer(name, n, status, remainingCm) : undefined;
  }
}

/** Custom (device-protocols 4.9). */
function presenterAnswer(
  name: string,
  n: number,
  status: MechanismStatus,
  remainingCm: number,
): Uint8Array | undefined {
  if (name === 'GS E1') return ascii(`${remainingCm}cm`);
  return name === 'GS e' && n === 6 ? ejectorStatus(status) : undefined;
}

/** device-protocols 4.8: 1 and 2 one byte, 65-69 a block `5F ... 00`. */
function identification(n: number, traits: PrinterTraits): Uint8Array | undefined {
  if (n === 1 || n === 49) return Uint8Array.of(0x20);
  if (n === 2 || n === 50) return Uint8Array.of(0x03); // two-byte characters, cutter
  const text = { 65: traits.firmware, 66: traits.maker, 67: traits.model, 68: SERIAL_NUMBER }[n];
  return text === undefined ? undefined : Uint8Array.of(0x5f, ...ascii(text), 0);
}

/** fn 48: `30 30 d1 d2 d3 d4` is answered with `37 22 d1 d2 d3 d4 00` once everything before it has printed. */
function processId(content: Uint8Array): Uint8Array | undefined {
  if (content[0] !== 48 || content.length !== 6) return undefined;
  const id = content.subarray(2);
  return id.every((byte) => byte >= 0x20 && byte <= 0x7e) ? Uint8Array.of(0x37, 0x22, ...id, 0) : undefined;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
