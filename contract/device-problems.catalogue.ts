/** The problems of devices: 2xxx of the catalogue (`problem.catalogue.ts`). */
import type { ProblemEntry } from './problem-entry.types.ts';

export const DEVICE_PROBLEMS = {
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
  'device.notFitted': {
    number: 'KP-2008',
    maintainer: 'This device or machine has no means for what was asked.',
    next: 'Nothing to do.',
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
  'printer.character': {
    number: 'KP-2106',
    maintainer: 'A character of the slip is in no code page of this printer and in no font of this machine.',
    next: 'Install fonts-noto-cjk (and fonts-hanazono for the rarest); the character is in the detail.',
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
  'card.pinNeeded': {
    number: 'KP-2205',
    maintainer: 'The card shows this field only after its PIN, which the kiosk never guesses.',
    next: 'Configure the PIN of the region in the card profile, or read another card.',
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
  // 23xx the purse on a card
  'purse.insufficient': {
    number: 'KP-2310',
    maintainer: 'The purse on the card holds less than the price.',
    next: 'Nothing to do; nothing was charged.',
  },
  'purse.torn': {
    number: 'KP-2311',
    maintainer: 'The card left during the debit; whether it was charged is not known until it comes back.',
    next: 'The same card laid down again settles it; otherwise the case on the platform does.',
  },
  'purse.refused': {
    number: 'KP-2312',
    maintainer: 'Card or PSAM refused the purchase (MAC, key or sequence).',
    next: 'Compare key version and terminal number of PSAM and card; check the PSAM.',
  },
  // 24xx ID cards
  'idCard.samFault': {
    number: 'KP-2401',
    maintainer:
      'The security module of the ID-card reader failed its self-test, is not licensed, or has no random numbers.',
    next: 'Switch the reader off and on; replace it if the error stays. The number after the code is its status.',
  },
  'idCard.liftAgain': {
    number: 'KP-2402',
    maintainer: 'The card lies on the reader but must be lifted and laid down again to be found.',
    next: 'Nothing to do.',
  },
  'idCard.notGenuine': {
    number: 'KP-2403',
    maintainer: 'Card and security module did not accept each other, or the card’s data failed verification.',
    next: 'The resident shows the card at the window; if every card fails, replace the reader.',
  },
  'idCard.unknownDocument': {
    number: 'KP-2404',
    maintainer: 'The document has a text layout this release does not know.',
    next: 'Update the release; note the reader’s firmware.',
  },
  // 25xx fingers
  'finger.poor': {
    number: 'KP-2501',
    maintainer: 'The print was too poor to compare.',
    next: 'Clean the sensor; offer another finger.',
  },
  'finger.none': {
    number: 'KP-2502',
    maintainer: 'No finger was laid on the sensor in time.',
    next: 'Nothing to do.',
  },
  'finger.sensorFault': {
    number: 'KP-2503',
    maintainer: 'The fingerprint module reports a fault of its own.',
    next: 'Read the confirmation code in the detail; switch the module off and on.',
  },
  'finger.locked': {
    number: 'KP-2504',
    maintainer: 'Fingerprints are closed for this person: three sessions in a day did not match.',
    next: 'The person shows an ID card at the window.',
  },
  // 26xx documents
  'document.refused': {
    number: 'KP-2601',
    maintainer: 'The printer does not take this document or this format.',
    next: 'Read the IPP status in the detail; the printer must take PDF.',
  },
  'document.stopped': {
    number: 'KP-2602',
    maintainer: 'The printer stopped in the middle of the document.',
    next: 'Read the printer’s reasons in the detail; remove what came out, the rest is cancelled.',
  },
  'document.toner': {
    number: 'KP-2603',
    maintainer: 'The printer is out of toner or ink.',
    next: 'Change the cartridge.',
  },
  // 27xx codes
  'scan.rejected': {
    number: 'KP-2701',
    maintainer: 'The scanned code is not one this kiosk acts on.',
    next: 'Nothing to do; class, length and a short hash are in the log.',
  },
  'scan.keyboard': {
    number: 'KP-2702',
    maintainer: 'A scanner or stick types like a keyboard; it is kept out.',
    next: 'Set the scanner to HID-POS or serial mode; remove a device nobody knows.',
  },
  'scan.none': {
    number: 'KP-2703',
    maintainer: 'No code was held up in time.',
    next: 'Nothing to do.',
  },
  // 28xx lockers
  'locker.notOpened': {
    number: 'KP-2801',
    maintainer: 'The door was told to open and its sensor does not say it did.',
    next: 'Look at the latch and the door’s wiring; run the commissioning of this door.',
  },
  'locker.notCommissioned': {
    number: 'KP-2802',
    maintainer: 'Nobody has found out yet what this board’s door sensor means.',
    next: 'Run the commissioning and write the polarity into the site.',
  },
  'locker.busy': {
    number: 'KP-2803',
    maintainer: 'The board is still busy with the door before.',
    next: 'It is asked again by itself; if it stays busy, switch the board off and on.',
  },
  'locker.alreadyOpen': {
    number: 'KP-2804',
    maintainer: 'The door reads open before it was told to open: it stands open, or its polarity is wrong.',
    next: 'Shut the door; if it is shut, run the commissioning of its board.',
  },
  // 29xx health
  'health.noReading': {
    number: 'KP-2901',
    maintainer: 'The device measured nothing it trusts.',
    next: 'Look at the probe or cuff; read the remark in the detail.',
  },
  'health.cuff': {
    number: 'KP-2902',
    maintainer: 'The cuff leaks, is loose or was over-pressed.',
    next: 'Check cuff and hose; the device’s number is in the detail.',
  },
  // 295x the camera
  'face.noCamera': {
    number: 'KP-2951',
    maintainer: 'No camera can be used.',
    next: 'Check its cable; nothing else is closed by it.',
  },
  'face.notLive': {
    number: 'KP-2952',
    maintainer: 'The picture did not pass the liveness gates.',
    next: 'Nothing to do; no picture was kept.',
  },
  'face.noMatch': {
    number: 'KP-2953',
    maintainer: 'The face was compared and is not the same.',
    next: 'Nothing to do; another factor decides.',
  },
  // 297x power
  'ups.onBattery': {
    number: 'KP-2971',
    maintainer: 'The machine runs on its battery.',
    next: 'Restore the mains; at low charge it shuts down in order.',
  },
} as const satisfies Record<string, ProblemEntry>;
