/** The meanings that `wire-keys.ts` gives and takes back. */
import Type from 'typebox';

const closed = { additionalProperties: false } as const;
const toDevice = { direction: Type.Literal('toDevice') };
const fromDevice = { direction: Type.Literal('fromDevice') };
const HexBytes = (maxItems: number) => Type.Array(Type.String({ pattern: '^[0-9A-F]{2}$' }), { maxItems });

const Board8a = Type.Integer({ minimum: 1, maximum: 32 });
const Byte = Type.Integer({ minimum: 0, maximum: 255 });
const StateByte = Type.Enum(['00', '11']);
const Open8a = Type.Object(
  {
    ...toDevice,
    command: Type.Enum(['open', 'query']),
    board: Board8a,
    lock: Type.Integer({ minimum: 1, maximum: 255 }),
  },
  closed,
);
const Plain8a = [
  Open8a,
  Type.Object({ ...toDevice, command: Type.Enum(['openAll', 'queryAll']), board: Board8a }, closed),
  Type.Object(
    {
      ...fromDevice,
      answer: Type.Enum(['openFeedback', 'state']),
      board: Board8a,
      lock: Byte,
      stateByte: StateByte,
    },
    closed,
  ),
  Type.Object({ ...fromDevice, answer: Type.Literal('stateOfAll'), board: Board8a, statusBytes: HexBytes(8) }, closed),
] as const;
export const Meaning8a = Type.Union([
  ...Plain8a,
  Type.Object({ readings: Type.Tuple([Open8a, Type.Unknown()]) }, closed),
]);

const Nibble = Type.Integer({ minimum: 0, maximum: 15 });
const locks = (last: number) => Type.Array(Type.Integer({ minimum: 0, maximum: last }), { maxItems: last + 1 });
export const MeaningKerong = Type.Union([
  Type.Object(
    {
      ...toDevice,
      command: Type.Enum([
        'status',
        'unlock',
        'statusOfAll',
        'unlockAll',
        'setUnlockTime',
        'readUnlockTime',
        'delayedUnlock',
      ]),
      board: Type.Union([Nibble, Type.Literal('all')]),
      orBoard: Type.Optional(Nibble),
      lock: Nibble,
    },
    closed,
  ),
  Type.Object(
    {
      ...fromDevice,
      answer: Type.Literal('status'),
      board: Nibble,
      lock: Nibble,
      openLocks: locks(15),
      infraredLocks: locks(15),
    },
    closed,
  ),
  Type.Object(
    { ...fromDevice, answer: Type.Literal('other36'), board: Nibble, lock: Nibble, dataBytes: HexBytes(4) },
    closed,
  ),
]);

const Lock48 = Type.Integer({ minimum: 0, maximum: 47 });
export const MeaningCu48 = Type.Union([
  Type.Object({ ...toDevice, command: Type.Enum(['status', 'open']), device: Byte, lock: Lock48 }, closed),
  Type.Object({ ...fromDevice, answer: Type.Literal('status'), device: Byte, bitsSet: locks(47) }, closed),
  Type.Object({ ...fromDevice, answer: Type.Literal('feedback'), device: Byte, lock: Lock48 }, closed),
]);
