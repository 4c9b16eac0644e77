/** The vocabulary of XFS4IoT as far as the sheet has it (device-protocols 8.1 to 8.4). */
export const MESSAGE_TYPES = ['command', 'acknowledge', 'event', 'completion', 'unsolicited'] as const;

export const ACKNOWLEDGE_STATUS = ['invalidMessage', 'invalidRequestID', 'tooManyRequests'] as const;

export const COMPLETION_CODES = [
  'success',
  'commandErrorCode',
  'canceled',
  'deviceNotReady',
  'hardwareError',
  'internalError',
  'invalidCommand',
  'invalidRequestID',
  'timeOut',
  'unsupportedCommand',
  'invalidData',
  'userError',
  'unsupportedData',
  'fraudAttempt',
  'sequenceError',
  'authorisationRequired',
  'noCommandNonce',
  'invalidToken',
  'invalidTokenNonce',
  'invalidTokenHMAC',
  'invalidTokenFormat',
  'invalidTokenKeyNoValue',
  'notEnoughSpace',
] as const;

export const INTERFACES = [
  'Common',
  'CardReader',
  'PinPad',
  'Keyboard',
  'KeyManagement',
  'Crypto',
  'Printer',
  'BarcodeReader',
  'Biometric',
  'Camera',
  'Lights',
  'Auxiliaries',
  'TextTerminal',
  'VendorMode',
  'VendorApplication',
  'Storage',
  'CashAcceptor',
  'CashDispenser',
  'CashManagement',
  'Check',
  'MixedMedia',
  'Deposit',
  'PowerManagement',
  'BanknoteNeutralization',
  'German',
  'ServicePublisher',
] as const;

/** `payload.errorCode` of the commands whose codes the sheet lists; others may name any word. */
export const ERROR_CODES: Readonly<Record<string, readonly string[]>> = {
  'Printer.PrintRaw': [
    'shutterFail',
    'mediaJammed',
    'paperJammed',
    'paperOut',
    'tonerOut',
    'mediaRetained',
    'blackMark',
    'mediaRetracted',
  ],
  'CardReader.ReadRawData': [
    'mediaJam',
    'shutterFail',
    'noMedia',
    'invalidMedia',
    'cardTooShort',
    'cardTooLong',
    'securityFail',
    'cardCollision',
  ],
};

const PAPER = ['unknown', 'full', 'low', 'out', 'jammed'];
const SUPPLY = ['unknown', 'full', 'low', 'out'];

/** Words a status may use, by their place in the payload of a status completion or a change of status. */
export const STATUS_WORDS: Readonly<Record<string, readonly string[]>> = {
  'common.device': [
    'online',
    'offline',
    'powerOff',
    'noDevice',
    'hardwareError',
    'userError',
    'deviceBusy',
    'fraudAttempt',
    'potentialFraud',
    'starting',
  ],
  'common.devicePosition': ['inPosition', 'notInPosition', 'unknown'],
  'common.antiFraudModule': ['ok', 'inoperable', 'deviceDetected', 'unknown'],
  'common.exchange': ['active', 'inactive'],
  'common.endToEndSecurity': ['notEnforced', 'notConfigured', 'enforced'],
  'printer.media': ['unknown', 'present', 'notPresent', 'jammed', 'entering', 'retracted'],
  'printer.paper.upper': PAPER,
  'printer.paper.lower': PAPER,
  'printer.paper.external': PAPER,
  'printer.paper.aux': PAPER,
  'printer.paper.aux2': PAPER,
  'printer.paper.park': PAPER,
  'printer.toner': SUPPLY,
  'printer.ink': SUPPLY,
  'printer.lamp': ['ok', 'fading', 'inop', 'unknown'],
  'cardReader.media': ['unknown', 'present', 'notPresent', 'jammed', 'entering', 'latched'],
  'cardReader.chipPower': ['unknown', 'online', 'busy', 'poweredOff', 'noDevice', 'hardwareError', 'noCard'],
  'biometric.subject': ['present', 'notPresent', 'unknown'],
  'barcodeReader.scanner': ['on', 'off', 'inoperative', 'unknown'],
  'vendorMode.service': ['enterPending', 'active', 'exitPending', 'inactive'],
  'vendorApplication.accessLevel': ['notActive', 'basic', 'intermediate', 'full'],
};

/** What else the sheet fixes in payloads, by message and place. */
export const PAYLOAD_WORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'Printer.PrintRaw': { inputData: ['no', 'yes'] },
  'Printer.PaperThresholdEvent': {
    paperSource: ['upper', 'lower', 'external', 'aux', 'aux2', 'park'],
    threshold: ['full', 'low', 'out'],
  },
};

/** Interfaces whose payloads may carry what belongs to a person. */
export const PERSONAL_INTERFACES: readonly string[] = [
  'CardReader',
  'PinPad',
  'Keyboard',
  'Biometric',
  'BarcodeReader',
  'Camera',
  'Printer',
  'TextTerminal',
];
