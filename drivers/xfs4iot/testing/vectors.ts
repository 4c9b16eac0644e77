/** What the sheet's XFS4IoT messages mean, worked out by hand from device-protocols 8.1 to 8.4. */
import type { Vectors } from '../../testing/vectors.ts';

const client = { kind: 'command', sentBy: 'client' } as const;
const completion = { kind: 'completion', sentBy: 'service' } as const;
const unsolicited = { kind: 'unsolicited', sentBy: 'service' } as const;
const status = { name: 'Common.Status', interface: 'Common', requestId: 1 } as const;
const read = { name: 'CardReader.ReadRawData', interface: 'CardReader', requestId: 2, version: '2.0' } as const;
const print = { name: 'Printer.PrintRaw', interface: 'Printer', requestId: 3, version: '3.0' } as const;

export const VECTORS: Vectors = {
  xfs4iot: {
    'cmd-status': { meaning: { ...client, ...status, version: '2.0', timeoutMs: 5000, payload: {} } },
    'ack-status': { meaning: { kind: 'acknowledge', sentBy: 'service', ...status, version: '2.0' } },
    'cpl-status': {
      meaning: {
        ...completion,
        ...status,
        version: '3.0',
        completionCode: 'success',
        payload: {
          common: {
            device: 'online',
            devicePosition: 'inPosition',
            powerSaveRecoveryTime: 0,
            antiFraudModule: 'ok',
            exchange: 'inactive',
            endToEndSecurity: 'notConfigured',
          },
          printer: { media: 'notPresent', paper: { upper: 'low' } },
        },
      },
    },
    'cmd-read-raw': { meaning: { ...client, ...read, timeoutMs: 30000, payload: { chip: true } } },
    'evt-media-removed': {
      meaning: { ...unsolicited, name: 'CardReader.MediaRemovedEvent', interface: 'CardReader', version: '2.0' },
    },
    'cpl-read-timeout': {
      meaning: { ...completion, ...read, completionCode: 'timeOut', errorDescription: 'no card' },
    },
    'cmd-print-raw': {
      // G0AcJg== is ESC @ FS &
      meaning: { ...client, ...print, timeoutMs: 60000, payload: { inputData: 'no', data: 'G0AcJg==' } },
    },
    'cpl-print-out': {
      meaning: {
        ...completion,
        ...print,
        completionCode: 'commandErrorCode',
        errorCode: 'paperOut',
        payload: { errorCode: 'paperOut' },
      },
    },
    'evt-paper': {
      meaning: {
        ...unsolicited,
        name: 'Printer.PaperThresholdEvent',
        interface: 'Printer',
        version: '2.0',
        payload: { paperSource: 'upper', threshold: 'low' },
      },
    },
    'evt-status-changed': {
      meaning: {
        ...unsolicited,
        name: 'Common.StatusChangedEvent',
        interface: 'Common',
        version: '3.0',
        payload: { printer: { paper: { upper: 'out' } } },
      },
    },
    'cmd-cancel': {
      meaning: {
        ...client,
        name: 'Common.Cancel',
        interface: 'Common',
        requestId: 4,
        version: '2.0',
        payload: { requestIds: [2] },
      },
    },
    'cpl-cancelled': { meaning: { ...completion, ...read, completionCode: 'canceled' } },
  },
};
