/** The code scanner of the station: a code is held up, as text or as bytes, and the scanner may misbehave. */
import Type from 'typebox';
import { fail } from '../../contract/outcome.schema.ts';
import {
  noScannerFaults,
  ScannerSimulator,
  SET_UP_CODES,
  type Speech,
} from '../../drivers/scanner/simulator/scanner.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;

/** Model of the driver -> how its scanner speaks. */
const SPEECH_OF: Readonly<Record<string, Speech>> = {
  'honeywell-hidpos': 'honeywell',
  'newland-hidpos': 'newland',
  'idtech-hidpos': 'newland',
  'hidpos-report-01': 'report-01',
  serial: 'serial',
};
const READ_MS = 150;
const AIM = Type.Optional(
  Type.Enum(['C0', 'E0', 'Q1', 'd2', 'L0'], {
    title: 'Kind of code (C0 Code 128, E0 EAN, Q1 QR, d2 Data Matrix, L0 PDF417)',
  }),
);

const TextInput = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 8_192, title: 'Text of the code' }), symbology: AIM },
  closed,
);
const HexInput = Type.Object(
  {
    hex: Type.String({ pattern: '^(?:[0-9A-Fa-f]{2})+$', maxLength: 16_384, title: 'Bytes of the code, in hex' }),
    symbology: AIM,
  },
  closed,
);
const SetUpInput = Type.Object({ code: Type.Enum([...SET_UP_CODES], { title: 'Set-up code' }) }, closed);

const Fault = (title: string) => Type.Optional(Type.Boolean({ title }));
const Amount = (title: string, maximum: number) => Type.Optional(Type.Integer({ minimum: 0, maximum, title }));
const FaultsInput = Type.Object(
  {
    duplicates: Amount('Reads each code so many times more', 20),
    duplicateGapMs: Amount('Milliseconds to each repetition', 10_000),
    losesEnd: Fault('Loses the end of each code'),
    truncateTo: Amount('Cuts the last report to so many bytes (0 = whole)', 64),
    garbageBytes: Amount('Bytes of noise before each code', 64),
    dirtyPadding: Fault('Leaves old bytes behind the data'),
    reportGapMs: Amount('Milliseconds between two reports of a code', 2_000),
    obeysSetUpCodes: Fault('Obeys set-up codes: becomes a keyboard'),
  },
  closed,
);

export const openScanner: OpenSimulator<'scanner'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const speech = SPEECH_OF[model];
  if (!speech) throw new Error(`${id}: no simulated scanner ${model}`);
  const scanner = new ScannerSimulator({ clock, chance, speech, readMs: READ_MS });
  return { id, class: deviceClass, model, ...scannerControls(scanner), ...(await serve(scanner, config.listen)) };
};

function scannerControls(scanner: ScannerSimulator): DeviceControls {
  return {
    state: () => scanner.state,
    actions: {
      'hold-up': action(TextInput, ({ text, symbology }) => scanner.holdUp(Buffer.from(text), symbology)),
      'hold-up-bytes': action(HexInput, ({ hex, symbology }) => {
        const bytes = Buffer.from(hex, 'hex');
        if (bytes.length * 2 !== hex.length) return fail('kiosk.badMessage', 'not whole bytes of hex');
        scanner.holdUp(bytes, symbology);
      }),
      'set-up-code': action(SetUpInput, ({ code }) => scanner.holdUp(Buffer.from(code), 'C0')),
      faults: action(FaultsInput, (faults) => void Object.assign(scanner.faults, faults)),
      ...wireActions(scanner.wire),
      reset: action(NoInput, () => {
        Object.assign(scanner.faults, noScannerFaults());
        scanner.restore();
        healWire(scanner.wire);
      }),
    },
  };
}
