/** The A4 printer of the station: a tray to fill, a cover to open, paper to take, and an IPP that does not always tell the truth. */
import Type from 'typebox';
import { IppPrinterSimulator, noIppFaults } from '../../drivers/document-printer/simulator/ipp-printer.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;
/** An A4 laser of the small kind. */
const SHEET_MS = 2_500;
const TRAY_HOLDS = 250;

const Switch = (title: string) => Type.Optional(Type.Boolean({ title }));
const After = (title: string) =>
  Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 1_000 })], { title }));
const TrayInput = Type.Object(
  { sheets: Type.Integer({ title: 'Sheets in the tray', minimum: 0, maximum: TRAY_HOLDS }) },
  closed,
);
const CancelInput = Type.Object(
  { job: Type.Integer({ title: 'Number of the job', minimum: 1, maximum: 1_000_000 }) },
  closed,
);
const PrinterFaultsInput = Type.Object(
  {
    mediaEmptyAfterSheets: After('The tray is empty after so many sheets'),
    jamAfterSheets: After('A sheet gets stuck after so many sheets'),
    tonerEmpty: Switch('The toner is used up'),
    sheetMs: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 600_000 })], { title: 'Milliseconds for a sheet' }),
    ),
    abortsJobs: Switch('It aborts every document'),
    forgetsJobs: Switch('It takes documents and forgets them'),
    liesCompleted: Switch('It says that it has printed and prints nothing'),
    hangUpAfterDocument: Switch('It takes the next document and hangs up instead of answering'),
    busy: Switch('It is too busy for anything'),
    notAcceptingJobs: Switch('It takes no new documents'),
    noPdf: Switch('It cannot read PDF'),
    countsNothing: Switch('It does not count what it prints'),
  },
  closed,
);

export const openDocumentPrinter: OpenSimulator<'document-printer'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const printer = new IppPrinterSimulator({ clock, chance, sheetMs: SHEET_MS, trayHolds: TRAY_HOLDS });
  return { id, class: deviceClass, model, ...printerControls(printer), ...(await serve(printer, config.listen)) };
};

function printerControls(printer: IppPrinterSimulator): DeviceControls {
  return {
    state: () => printer.state,
    actions: {
      'take-paper': action(NoInput, () => void printer.takePaper()),
      tray: action(TrayInput, ({ sheets }) => printer.path.change({ sheetsInTray: sheets })),
      'open-cover': action(NoInput, () => printer.path.change({ isCoverOpen: true })),
      'close-cover': action(NoInput, () => printer.path.change({ isCoverOpen: false })),
      'clear-jam': action(NoInput, () => printer.path.change({ isJammed: false })),
      'cancel-job': action(CancelInput, ({ job }) => void printer.cancelAtPanel(job)),
      'power-cycle': action(NoInput, () => printer.powerCycle()),
      faults: action(PrinterFaultsInput, (faults) => void Object.assign(printer.faults, faults)),
      ...wireActions(printer.wire),
      reset: action(NoInput, () => {
        Object.assign(printer.faults, noIppFaults());
        healWire(printer.wire);
        printer.powerCycle();
        printer.path.change({ isCoverOpen: false, isJammed: false, sheetsInTray: TRAY_HOLDS, sheetsInOutput: 0 });
      }),
    },
  };
}
