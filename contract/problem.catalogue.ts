/**
 * Every problem the kiosk can name: a code for programs, a number for the telephone, a sentence for the maintainer and
 * what to do next. The resident's sentences stand under `problem.<code>` in `kiosk-config/locales/`; a test keeps the two
 * in step. Numbers are never reused.
 */
import { DEVICE_PROBLEMS } from './device-problems.catalogue.ts';
import type { ProblemEntry } from './problem-entry.types.ts';

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
  // 2xxx devices
  ...DEVICE_PROBLEMS,
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
  'platform.suspended': {
    number: 'KP-3005',
    maintainer: 'The central platform has suspended this terminal.',
    next: 'Ask the platform’s operators; the kiosk opens by itself when it is active again.',
  },
  'sync.wedged': {
    number: 'KP-3006',
    maintainer: 'The oldest record does not get through although the platform answers.',
    next: 'Restart the kiosk; if it stays, collect the log and call support. Nothing is lost.',
  },
  'sync.refused': {
    number: 'KP-3007',
    maintainer: 'The platform does not take a record that this release thinks is right.',
    next: 'Compare the releases of platform and terminal; the record is kept and sent again.',
  },
  'trust.notEnrolled': {
    number: 'KP-3011',
    maintainer: 'This terminal has no identity and no code to get one with.',
    next: 'Ask operations for a code and write it into the file enrolment-code beside the identity.',
  },
  'trust.codeRefused': {
    number: 'KP-3012',
    maintainer:
      'The platform did not take the enrolment code: mistyped, used, older than 72 hours, or for another station.',
    next: 'Read the detail; ask operations for a new code. After five wrong ones wait a quarter of an hour.',
  },
  'trust.notThePlatform': {
    number: 'KP-3013',
    maintainer: 'Who answered the enrolment does not know the code: it is not the platform that gave it out.',
    next: 'Check the platform’s address and who stands between; do not go on until it is explained.',
  },
  'publication.refused': {
    number: 'KP-3014',
    maintainer: 'A document from the platform was not taken: signature, version, content or a try of it was wrong.',
    next: 'The last good one stays in use. Read the detail; publish a right one with a higher version.',
  },
  'courier.refused': {
    number: 'KP-3015',
    maintainer: 'The courier file is damaged, or was made for or by another machine.',
    next: 'Make it again on the machine it comes from; nothing was changed here.',
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
  'ledger.restored': {
    number: 'KP-5005',
    maintainer: 'The database was damaged or gone and was rebuilt from its newest good backup and the black box.',
    next: 'Keep the files set aside; compare the cases with the provider bill; test the disk, and replace it if this comes back.',
  },
  'ledger.blackBox': {
    number: 'KP-5006',
    maintainer: 'The second money record was damaged or incomplete; it was set aside and begun anew.',
    next: 'Keep the file set aside; test the disk or partition it lies on.',
  },
  'ledger.backup': {
    number: 'KP-5007',
    maintainer: 'A backup of the database could not be made, or failed its check.',
    next: 'Check the backup partition: mounted, writable, with room.',
  },
  'disk.low': {
    number: 'KP-5008',
    maintainer: 'Less than 256 MB are free: paid services are closed.',
    next: 'Free space on the disk of the database; they open again by themselves.',
  },
  'disk.full': {
    number: 'KP-5009',
    maintainer: 'Less than 64 MB are free: out of service, records still go up.',
    next: 'Free space on the disk of the database; the services open again by themselves.',
  },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof ENTRIES;
export const PROBLEM_CODES = Object.keys(ENTRIES) as [ProblemCode, ...ProblemCode[]];
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemEntry>> = ENTRIES;
