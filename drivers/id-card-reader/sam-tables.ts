/** Commands and status codes of the security module (device-protocols 1.4, 1.5). */

export type SamCommandName =
  | 'reset'
  | 'status'
  | 'samId'
  | 'find'
  | 'select'
  | 'readTextAndPhoto'
  | 'readTextPhotoAndFingerprints'
  | 'readAppendedAddress'
  | 'readCardSerial';

/** CMD and Para. None of them takes data. `readCardSerial` is from memory only and never sent (uncertainty 1). */
export const SAM_COMMANDS: Readonly<Record<SamCommandName, readonly [cmd: number, para: number]>> = {
  reset: [0x10, 0xff],
  status: [0x11, 0xff],
  samId: [0x12, 0xff],
  find: [0x20, 0x01],
  select: [0x20, 0x02],
  readTextAndPhoto: [0x30, 0x01],
  readTextPhotoAndFingerprints: [0x30, 0x10],
  readAppendedAddress: [0x30, 0x03],
  readCardSerial: [0x30, 0x05],
};

export const SET_BAUD_RATE = 0x60;
/** By Para of command 60. */
export const BAUD_RATES = [115_200, 57_600, 38_400, 19_200, 9_600] as const;

/** What a code asks of the driver. */
export type SamStatusClass =
  | 'ok'
  /** The module got our bytes wrong: say it once more. */
  | 'linkFault'
  /** This module does not know the command. */
  | 'variantFault'
  /** Begin again with find. */
  | 'sequence'
  | 'notGenuine'
  | 'unknownCard'
  | 'unreadable'
  | 'samFault'
  | 'noCard';

interface SamStatus {
  readonly name: string;
  readonly class: SamStatusClass;
}

/** By SW3. */
export const SAM_STATUS: ReadonlyMap<number, SamStatus> = new Map([
  [0x90, { name: 'ok', class: 'ok' }],
  [0x9f, { name: 'cardFound', class: 'ok' }],
  [0x91, { name: 'noContent', class: 'ok' }],
  [0x10, { name: 'badChecksumReceived', class: 'linkFault' }],
  [0x11, { name: 'badLengthReceived', class: 'linkFault' }],
  [0x21, { name: 'unknownCommand', class: 'variantFault' }],
  [0x23, { name: 'notAuthorised', class: 'sequence' }],
  [0x24, { name: 'unrecognisedError', class: 'sequence' }],
  [0x31, { name: 'cardRejectedSam', class: 'notGenuine' }],
  [0x32, { name: 'samRejectedCard', class: 'notGenuine' }],
  [0x33, { name: 'verificationFailed', class: 'notGenuine' }],
  [0x40, { name: 'unknownCardType', class: 'unknownCard' }],
  [0x41, { name: 'readFailed', class: 'unreadable' }],
  [0x47, { name: 'randomNumberFailed', class: 'samFault' }],
  [0x60, { name: 'selfTestFailed', class: 'samFault' }],
  [0x66, { name: 'notLicensed', class: 'samFault' }],
  [0x80, { name: 'noCard', class: 'noCard' }],
  [0x81, { name: 'selectFailed', class: 'noCard' }],
]);

export const OK = 0x90;
export const CARD_FOUND = 0x9f;
export const NO_CONTENT = 0x91;
export const NO_CARD = 0x80;
