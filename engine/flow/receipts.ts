/** Template and values -> a Receipt in the resident's language. */
import type { Receipt, ReceiptLine } from '../../contract/receipt.schema.ts';
import type { ReceiptTemplate } from '../../kiosk-config/receipt-template.schema.ts';
import type { Speech } from './texts.ts';

/** Masked and formatted already; what is not there is left out of the slip together with the lines that need it. */
export type ReceiptValues = Readonly<Record<string, string>>;

export function fillReceipt(template: ReceiptTemplate, speech: Speech, values: ReceiptValues): Receipt {
  const lines: ReceiptLine[] = [];
  for (const line of template.lines) {
    if (line.when !== undefined && values[line.when] === undefined) continue;
    const filled = fillLine(line, speech, values);
    if (filled) lines.push(filled);
  }
  return { lines };
}

function fillLine(
  line: ReceiptTemplate['lines'][number],
  speech: Speech,
  values: ReceiptValues,
): ReceiptLine | undefined {
  switch (line.kind) {
    case 'text': {
      const { key, when: _when, ...style } = line;
      return { ...style, text: speech.say(key, values) };
    }
    case 'pair': {
      const value = values[line.value];
      if (value === undefined) return undefined;
      const bold = line.bold === undefined ? {} : { bold: line.bold };
      return { kind: 'pair', label: speech.say(line.label, values), value, ...bold };
    }
    case 'rule':
      return { kind: 'rule' };
    case 'space':
      return { kind: 'space', lines: line.lines };
    case 'qr':
    case 'barcode': {
      const data = values[line.value];
      return data === undefined ? undefined : { kind: line.kind, data };
    }
  }
}
