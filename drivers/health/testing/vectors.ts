/** What the sheet's worked frames of this class mean, worked out by hand from device-protocols 7. */
import type { Meaning } from '../../wire-key.ts';
import type { Vectors } from '../../testing/vectors.ts';

const quiet = {
  pulseBeat: false,
  spo2Dropping: false,
  searchingTooLong: false,
  probeError: false,
  searching: false,
} as const;
const normal = {
  kind: 'oximeterPacket',
  pulseBpm: 72,
  spo2Percent: 98,
  signalStrength: 7,
  waveform: 60,
  barGraph: 6,
  ...quiet,
} as const;
const noReading = { pulseBpm: null, spo2Percent: null, filler: { pulse: 127, spo2: 127 } } as const;
const low = { direction: 'toDevice', dataHex: '00', confidence: 'low' } as const;
const SHOWN = { kind: 'bloodPressure', unit: 'mmHg' } as const;

function cms50Command(command: string, operationHex: string, confidence: string): { readonly meaning: Meaning } {
  return { meaning: { kind: 'command', command, operationHex, confidence } };
}

export const VECTORS: Vectors = {
  'spo2-cms50-5byte': {
    'normal-72-98': { meaning: normal },
    'beat-72-98': { meaning: { ...normal, waveform: 95, barGraph: 13, pulseBeat: true } },
    'finger-out': {
      meaning: {
        ...normal,
        ...noReading,
        signalStrength: 0,
        waveform: 0,
        barGraph: 0,
        searchingTooLong: true,
        probeError: true,
      },
    },
    searching: { meaning: { ...normal, ...noReading, signalStrength: 2, waveform: 10, barGraph: 1, searching: true } },
    'stream-misaligned': {
      meaning: [
        { kind: 'skipped', byteCount: 2, hex: '4862' },
        { ...normal, pulseBpm: 140, spo2Percent: 97, signalStrength: 6, waveform: 44, barGraph: 4 },
        normal,
      ],
    },
  },
  'spo2-cms50-9byte': {
    'start-live': cms50Command('startLive', 'A1', 'sheet'),
    'stop-live': cms50Command('stopLive', 'A2', 'recollection'),
    'live-published': {
      meaning: {
        kind: 'liveReading',
        pulseBpm: 65,
        spo2Percent: 97,
        unconfirmed: {
          ifByte1HoldsTopBits: { flags: 5, wave: 51, bar: 22 },
          ifByte1HoldsValidityFlags: { validity: 96, flags: 5, wave: 51, bar: 22 },
        },
        hex: '01E085B396C1E1FFFF',
      },
    },
  },
  'bp-omron-hid': {
    'cmd-ver': { meaning: { kind: 'command', command: 'version' } },
    'cmd-gdc': { meaning: { kind: 'command', command: 'readingCount', bank: 0, argumentsHex: '000000' } },
    'cmd-gme-0': { meaning: { kind: 'command', command: 'reading', bank: 0, index: 0, argumentsHex: '00000000' } },
    'cmd-gme-3': { meaning: { kind: 'command', command: 'reading', bank: 0, index: 3, argumentsHex: '00000003' } },
    'rsp-off': { meaning: { kind: 'sessionClosed' } },
    'rsp-no': { meaning: { kind: 'notReady' } },
  },
  'bp-maibobo': {
    connect: { meaning: { kind: 'connect', ...low } },
    start: { meaning: { kind: 'start', ...low } },
    'connect-ok': { meaning: { kind: 'connect', ...low, direction: 'fromDevice' } },
    'error-leak': {
      meaning: { kind: 'error', errorNumber: 15, error: 'leak', ...low, direction: 'fromDevice', dataHex: '0F' },
    },
    'result-128-82-70': {
      meaning: {
        kind: 'result',
        // 13 bytes of data: values at byte 11 would need 17.
        readings: [{ valuesAtDataByte: 7, systolicMmHg: 128, diastolicMmHg: 82, pulseBpm: 70 }],
        direction: 'fromDevice',
        dataHex: '00000000000000008000520046',
        confidence: 'low',
      },
    },
  },
  'ble-bp': {
    'kpa-minimal': {
      meaning: { ...SHOWN, unit: 'kPa', systolic: 16, diastolic: 10.7, mean: 12.4, exponents: [-1, -1, -1] },
    },
    nan: { meaning: { ...SHOWN, systolic: 'notANumber', diastolic: 'notANumber', mean: 'notANumber' } },
    'irregular-pulse': {
      meaning: {
        ...SHOWN,
        systolic: 142,
        diastolic: 91,
        mean: 108,
        pulseBpm: 88,
        measurementStatus: {
          bodyMovement: false,
          cuffTooLoose: false,
          irregularPulse: true,
          pulseRange: 'within',
          improperPosition: false,
        },
      },
    },
    'enable-indications': { meaning: { kind: 'setUpdates', updates: 'indications' } },
  },
  'ble-weight': {
    'si-65.0': { meaning: { kind: 'weight', weightUnit: 'kg', weight: 65 } },
    'si-full': {
      meaning: {
        kind: 'weight',
        weightUnit: 'kg',
        weight: 65,
        deviceTime: '2024-05-01T08:31:00',
        userId: 255,
        bmi: 23.8,
        height: 1.653,
        heightUnit: 'm',
      },
    },
    'imperial-150.00': { meaning: { kind: 'weight', weightUnit: 'lb', weight: 150 } },
    unsuccessful: { meaning: { kind: 'weight', weightUnit: 'kg', weight: null } },
  },
};

/** The protocol of the key `bp-suntech` has no frames in the sheet's list; these are the literal ones of its text (7.4). */
export const SUNTECH_VECTORS: Readonly<Record<string, { readonly hex: string; readonly meaning: Meaning }>> = {
  start: {
    hex: '0230313B3B443703',
    meaning: { kind: 'command', command: 'startMeasurement', commandCode: '01', confidence: 'sheet' },
  },
  status: {
    hex: '0231383B3B444603',
    meaning: { kind: 'command', command: 'readStatus', commandCode: '18', confidence: 'sheet' },
  },
};
