/** The devices against their own floors; a part whose tools this machine lacks is named, the others go on. */
import type { Figure } from '../report.ts';
import { measureApdus } from './apdu.ts';
import { measureReceipt } from './receipt.ts';
import { measureSerial } from './serial.ts';

type Part = (directory: string) => readonly Figure[] | Promise<readonly Figure[]>;

const PARTS: Readonly<Record<string, Part>> = {
  receipt: () => measureReceipt(),
  serial: measureSerial,
  smartcard: measureApdus,
};

export async function measureDevices(directory: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    try {
      figures.push(...(await measure(directory)));
    } catch (error) {
      console.log(`${name} not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return figures;
}
