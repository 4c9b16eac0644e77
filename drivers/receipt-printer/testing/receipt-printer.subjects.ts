/** The receipt printers as the conformance suite opens them: one subject a model, because each proves a print in its own way. */
import { deepStrictEqual } from 'node:assert';
import type { ReceiptPrinterCommand } from '../../../contract/devices/receipt-printer.schema.ts';
import type { Receipt } from '../../../contract/receipt.schema.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject, type ConformanceTask } from '../../testing/conformance/subject.ts';
import { printerModel, type PrinterModelName } from '../printer-models.ts';
import { ReceiptPrinterDriver } from '../receipt-printer.driver.ts';
import { EscposSimulator } from '../simulator/escpos.simulator.ts';

const RECEIPT: Receipt = {
  lines: [
    { kind: 'text', text: '番禺区党群服务站', align: 'centre', scale: 2 },
    { kind: 'pair', label: '缴费', value: '￥5.00' },
    { kind: 'qr', data: 'https://station.example/r/A012' },
    { kind: 'barcode', data: 'A012-2024' },
  ],
};
const PRINT = { kind: 'print', job: 'slip', receipt: RECEIPT } as const;
const SPEED_MM_PER_S = 150;
const BUDGET_MS = 30_000;
/** Three silent beats of five seconds and a second of waiting each, and dialling. */
const NOTICE_MS = 25_000;

/** Gives every print another name, as the engine does: one name is printed once for ever. */
function numbered(driver: ReceiptPrinterDriver): AnyDriver {
  let prints = 0;
  const wrapped = Object.create(driver, {
    execute: {
      value(command: ReceiptPrinterCommand, limits: Parameters<ReceiptPrinterDriver['execute']>[1]) {
        if (command.kind === 'print') prints += 1;
        const named = command.kind === 'print' ? { ...command, job: `${command.job}-${prints}` } : command;
        return driver.execute(named, limits);
      },
    },
    status: { value: () => driver.status() },
    subscribe: { value: (listener: Parameters<ReceiptPrinterDriver['subscribe']>[0]) => driver.subscribe(listener) },
    selfTest: { value: () => driver.selfTest() },
    close: { value: () => driver.close() },
  }) as AnyDriver;
  return wrapped;
}

const print: ConformanceTask<EscposSimulator> = {
  name: 'print',
  command: PRINT,
  budgetMs: BUDGET_MS,
  prepare: (device) => void device.takePaper(),
  acts: (device) => device.paper.slipsCut,
  check: (reply) => deepStrictEqual(reply, { kind: 'print' }),
};

const checkpoint: ConformanceTask<EscposSimulator> = {
  name: 'checkpoint',
  command: { kind: 'checkpoint', receipt: RECEIPT },
  budgetMs: BUDGET_MS,
  check: (reply) => deepStrictEqual((reply as { kind: unknown }).kind, 'checkpoint'),
  variable: true,
};

const settle: ConformanceTask<EscposSimulator> = {
  name: 'settle of a job it never had',
  command: { kind: 'settle', job: 'never', checkpoint: 'none' },
  budgetMs: BUDGET_MS,
};

/** A slip lies in the mouth; it is taken back at most once. */
const retract: ConformanceTask<EscposSimulator> = {
  name: 'retract',
  command: { kind: 'retract' },
  budgetMs: BUDGET_MS,
  prepare: (device) => {
    device.takePaper();
    device.layInMouth();
  },
  acts: (device) => device.paper.slips.filter(({ place }) => place === 'retracted' || place === 'ejected').length,
  check: (reply) => deepStrictEqual(reply, { kind: 'retract', retracted: true }),
};

function printer(name: PrinterModelName, tasks: readonly ConformanceTask<EscposSimulator>[]): ConformanceSubject {
  const model = printerModel(name);
  if (!model) throw new Error(name);
  return subject<EscposSimulator>({
    name: `receipt-printer ${name}`,
    openDriver: (link, clock) => numbered(new ReceiptPrinterDriver({ id: 'printer', model, link, clock })),
    openDevice: ({ clock, chance }) => new EscposSimulator({ model: name, clock, chance, speedMmPerS: SPEED_MM_PER_S }),
    noticeMs: NOTICE_MS,
    tasks,
  });
}

export const SUBJECTS: readonly ConformanceSubject[] = [
  printer('epson-tm-t88', [print, settle]),
  printer('custom-vkp80', [print, checkpoint, retract]),
  printer('cashino-kp628e', [print]),
  printer('citizen-pmu', [print]),
  printer('star-tsp', [print, retract]),
];
