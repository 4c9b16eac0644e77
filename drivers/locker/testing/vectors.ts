/** The worked frames of device-protocols 6.1 to 6.3 and what each says, read off the tables by hand. */
import type { Vectors } from '../../testing/vectors.ts';

export const VECTORS: Vectors = {
  'locker-8a': {
    'open-1-1': {
      meaning: {
        readings: [
          { direction: 'toDevice', command: 'open', board: 1, lock: 1 },
          { direction: 'fromDevice', answer: 'openFeedback', board: 1, lock: 1, stateByte: '11' },
        ],
      },
    },
    'open-1-all': { meaning: { direction: 'toDevice', command: 'openAll', board: 1 } },
    'open-2-all': { meaning: { direction: 'toDevice', command: 'openAll', board: 2 } },
    'open-1-1-st00': {
      meaning: { direction: 'fromDevice', answer: 'openFeedback', board: 1, lock: 1, stateByte: '00' },
    },
    'query-1-1': { meaning: { direction: 'toDevice', command: 'query', board: 1, lock: 1 } },
  },
  'locker-kerong-cu16': {
    'status-b0-l0': { meaning: { direction: 'toDevice', command: 'status', board: 0, lock: 0 } },
    'unlock-b0-l0': { meaning: { direction: 'toDevice', command: 'unlock', board: 0, lock: 0 } },
    'status-all': { meaning: { direction: 'toDevice', command: 'statusOfAll', board: 'all', orBoard: 15, lock: 0 } },
    'unlock-all-b0': { meaning: { direction: 'toDevice', command: 'unlockAll', board: 0, lock: 0 } },
    'rsp-all-closed': {
      meaning: {
        direction: 'fromDevice',
        answer: 'status',
        board: 0,
        lock: 0,
        openLocks: [],
        infraredLocks: [],
      },
    },
    'rsp-l0-open': {
      meaning: {
        direction: 'fromDevice',
        answer: 'status',
        board: 0,
        lock: 0,
        openLocks: [0],
        infraredLocks: [],
      },
    },
  },
  'locker-cu48': {
    'status-0': { meaning: { direction: 'toDevice', command: 'status', device: 0, lock: 0 } },
    'open-0-0': { meaning: { direction: 'toDevice', command: 'open', device: 0, lock: 0 } },
    'open-0-5': { meaning: { direction: 'toDevice', command: 'open', device: 0, lock: 5 } },
  },
};
