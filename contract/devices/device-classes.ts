/** The table of device classes: one row a class, its command and reply schema. A new class is a new row. */
import type { Static, TSchema } from 'typebox';
import type { DeviceClass } from '../driver.ts';
import { PaymentTerminalCommand, PaymentTerminalReply } from './payment-terminal.schema.ts';
import { ReceiptPrinterCommand, ReceiptPrinterReply } from './receipt-printer.schema.ts';
import { SmartCardCommand, SmartCardReply } from './smart-card-reader.schema.ts';

export const DEVICE_CLASSES = {
  'smart-card-reader': { command: SmartCardCommand, reply: SmartCardReply },
  'receipt-printer': { command: ReceiptPrinterCommand, reply: ReceiptPrinterReply },
  'payment-terminal': { command: PaymentTerminalCommand, reply: PaymentTerminalReply },
} as const satisfies Record<DeviceClass, { command: TSchema; reply: TSchema }>;

export type CommandOf<Class extends DeviceClass> = Static<(typeof DEVICE_CLASSES)[Class]['command']>;
export type ReplyOf<Class extends DeviceClass> = Static<(typeof DEVICE_CLASSES)[Class]['reply']>;
