/**
 * Every problem the kiosk can name: a code for programs, a number for the telephone, a sentence for the maintainer and
 * what to do next. The resident's sentences stand under `problem.<code>` in `kiosk-config/locales/`; a test keeps the two
 * in step. Numbers are never reused.
 */
interface ProblemEntry {
  readonly number: `KP-${number}`;
  readonly maintainer: string;
  readonly next: string;
}

const ENTRIES = {
  // 1xxx the kiosk itself
  'kiosk.badIntent': {
    number: 'KP-1001',
    maintainer: 'The screen sent something the engine does not know.',
    next: 'Update screen and engine to the same release; collect the log.',
  },
  'kiosk.engineGone': {
    number: 'KP-1002',
    maintainer: 'The engine process ended.',
    next: 'It restarts by itself; three times in ten minutes means: collect the log and call support.',
  },
  'kiosk.badConfig': {
    number: 'KP-1003',
    maintainer: 'A configuration file has a wrong or missing key.',
    next: 'Correct the named key in the named file and start again.',
  },
  'kiosk.cancelled': {
    number: 'KP-1004',
    maintainer: 'The resident or the time-out ended this step.',
    next: 'Nothing to do.',
  },
  'kiosk.deadline': {
    number: 'KP-1005',
    maintainer: 'An answer did not come in time.',
    next: 'Look at the device or process the log names next to this number.',
  },
  'kiosk.peerGone': {
    number: 'KP-1006',
    maintainer: 'The process that should have answered is gone.',
    next: 'It restarts by itself; if it does not, restart the kiosk.',
  },
  'kiosk.badMessage': {
    number: 'KP-1007',
    maintainer: 'A message between two processes did not match its schema.',
    next: 'Update all parts to the same release; collect the log.',
  },
  'kiosk.interrupted': {
    number: 'KP-1008',
    maintainer: 'The terminal stopped in the middle of this act and it cannot be told how it ended.',
    next: 'Look at the case on the platform, compare device counters and provider bill, then close the case.',
  },
  // 2xxx devices in general
  'device.absent': {
    number: 'KP-2001',
    maintainer: 'The device does not answer on its link.',
    next: 'Check power and cable, then run its self-test.',
  },
  'device.lost': {
    number: 'KP-2002',
    maintainer: 'The link to the device broke during a command.',
    next: 'Check cable and power; the driver reconnects by itself.',
  },
  'device.busy': {
    number: 'KP-2003',
    maintainer: 'The device is already carrying out a command.',
    next: 'Wait; if it stays busy, restart the device.',
  },
  'device.garbage': {
    number: 'KP-2004',
    maintainer: 'The device sent bytes that do not belong to its protocol.',
    next: 'Check model, baud rate and cable; compare with the profile.',
  },
  'device.deadline': {
    number: 'KP-2005',
    maintainer: 'The device did not finish before the deadline.',
    next: 'Run its self-test; restart the device if it fails.',
  },
  'device.driverMissing': {
    number: 'KP-2006',
    maintainer: 'A library or add-on that the driver needs is not installed.',
    next: 'Install what the detail names, then restart the kiosk.',
  },
  'device.refused': {
    number: 'KP-2007',
    maintainer: 'The device refused the command.',
    next: 'Read the detail; run the self-test.',
  },
  // 21xx receipt printer
  'printer.coverOpen': {
    number: 'KP-2101',
    maintainer: 'The printer cover is open.',
    next: 'Close the cover until it clicks.',
  },
  'printer.cutter': {
    number: 'KP-2102',
    maintainer: 'The paper cutter is stuck.',
    next: 'Switch the printer off, free the cutter, switch on.',
  },
  'printer.paperOut': {
    number: 'KP-2103',
    maintainer: 'The printer has no paper.',
    next: 'Load a roll and close the cover.',
  },
  'printer.jammed': {
    number: 'KP-2104',
    maintainer: 'Paper is jammed in the printer or presenter.',
    next: 'Open the cover, take the paper out, close the cover.',
  },
  'printer.hardware': {
    number: 'KP-2105',
    maintainer: 'The printer reports an error it cannot recover from.',
    next: 'Switch it off and on; replace it if the error stays.',
  },
  // 22xx cards
  'card.unknown': {
    number: 'KP-2201',
    maintainer: 'A card that no card profile describes.',
    next: 'If this card should work, add its profile in kiosk-config/card-profiles/.',
  },
  'card.removed': {
    number: 'KP-2202',
    maintainer: 'The card left the reader before it was read.',
    next: 'Nothing to do.',
  },
  'card.unreadable': {
    number: 'KP-2203',
    maintainer: 'The card answered in a way its profile does not allow.',
    next: 'Try another card; if all fail, check the profile.',
  },
  'card.expired': {
    number: 'KP-2204',
    maintainer: 'The card is past its end date.',
    next: 'The resident renews it at the window.',
  },
  // 23xx payment
  'payment.declined': {
    number: 'KP-2301',
    maintainer: 'The payment terminal declined the sale.',
    next: 'Nothing to do; nothing was charged.',
  },
  'payment.unknown': {
    number: 'KP-2302',
    maintainer: 'It is not known whether the sale went through.',
    next: 'The kiosk keeps asking by the same trade number; after 60 s a case is opened.',
  },
  'payment.notOffered': {
    number: 'KP-2303',
    maintainer: 'No payment terminal is available.',
    next: 'Check the payment terminal; paid services are closed until it is back.',
  },
  // 3xxx the platform
  'platform.offline': {
    number: 'KP-3001',
    maintainer: 'The central platform cannot be reached.',
    next: 'Check the network; records wait in the outbox and go up by themselves.',
  },
  'platform.refused': {
    number: 'KP-3002',
    maintainer: 'The central platform refused the request.',
    next: 'Read the detail; check the terminal’s enrolment.',
  },
  'platform.badAnswer': {
    number: 'KP-3003',
    maintainer: 'The central platform answered something that does not match the contract.',
    next: 'Compare the releases of platform and terminal.',
  },
  'platform.fork': {
    number: 'KP-3004',
    maintainer: 'The platform holds another history for this terminal: its database was restored or copied.',
    next: 'Do not delete anything; call support.',
  },
  // 4xxx services
  'parking.noCarFound': {
    number: 'KP-4001',
    maintainer: 'The parking operator has no open stay for this plate.',
    next: 'Nothing to do.',
  },
  'parking.alreadyPaid': {
    number: 'KP-4002',
    maintainer: 'This stay was paid already.',
    next: 'Nothing to do.',
  },
  'ticket.blockUsedUp': {
    number: 'KP-4003',
    maintainer: 'The leased block of queue numbers is used up and the platform cannot be reached.',
    next: 'Restore the network; until then slips are printed without a number.',
  },
  // 5xxx the ledger
  'ledger.unsafe': {
    number: 'KP-5001',
    maintainer: 'The database does not run with the safety settings money needs.',
    next: 'Out of service on purpose: check disk and release, restart.',
  },
  'ledger.corrupt': {
    number: 'KP-5002',
    maintainer: 'The database failed its check.',
    next: 'Do not delete it; call support.',
  },
  'ledger.full': {
    number: 'KP-5003',
    maintainer: 'The disk is full.',
    next: 'Free space; no money is taken until then.',
  },
  'ledger.newerSchema': {
    number: 'KP-5004',
    maintainer: 'The database was written by a newer release.',
    next: 'Install that release or a newer one; this one refuses to open it.',
  },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof ENTRIES;
export const PROBLEM_CODES = Object.keys(ENTRIES) as [ProblemCode, ...ProblemCode[]];
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemEntry>> = ENTRIES;
