/** The table of device classes: one row a class, its command and reply schema. A new class is a new row. */
import type { Static, TSchema } from 'typebox';
import type { DeviceClass } from '../driver.ts';
import { DocumentPrinterCommand, DocumentPrinterReply } from './document-printer.schema.ts';
import { FingerprintCommand, FingerprintReply } from './fingerprint-reader.schema.ts';
import { HealthCommand, HealthReply } from './health.schema.ts';
import { IdCardCommand, IdCardReply } from './id-card-reader.schema.ts';
import { LockerCommand, LockerReply } from './locker.schema.ts';
import { PaymentTerminalCommand, PaymentTerminalReply } from './payment-terminal.schema.ts';
import { ReceiptPrinterCommand, ReceiptPrinterReply } from './receipt-printer.schema.ts';
import { ScannerCommand, ScannerReply } from './scanner.schema.ts';
import { SensorsCommand, SensorsReply } from './sensors-and-lights.schema.ts';
import { SmartCardCommand, SmartCardReply } from './smart-card-reader.schema.ts';
import { UpsCommand, UpsReply } from './ups.schema.ts';

export const DEVICE_CLASSES = {
  'id-card-reader': { command: IdCardCommand, reply: IdCardReply },
  'smart-card-reader': { command: SmartCardCommand, reply: SmartCardReply },
  'fingerprint-reader': { command: FingerprintCommand, reply: FingerprintReply },
  'receipt-printer': { command: ReceiptPrinterCommand, reply: ReceiptPrinterReply },
  'document-printer': { command: DocumentPrinterCommand, reply: DocumentPrinterReply },
  scanner: { command: ScannerCommand, reply: ScannerReply },
  'payment-terminal': { command: PaymentTerminalCommand, reply: PaymentTerminalReply },
  locker: { command: LockerCommand, reply: LockerReply },
  health: { command: HealthCommand, reply: HealthReply },
  'sensors-and-lights': { command: SensorsCommand, reply: SensorsReply },
  ups: { command: UpsCommand, reply: UpsReply },
} as const satisfies Record<DeviceClass, { command: TSchema; reply: TSchema }>;

export type CommandOf<Class extends DeviceClass> = Static<(typeof DEVICE_CLASSES)[Class]['command']>;
export type ReplyOf<Class extends DeviceClass> = Static<(typeof DEVICE_CLASSES)[Class]['reply']>;
