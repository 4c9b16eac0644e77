/** What each worked frame of the smart-card protocols means, read off the tables of device-protocols 2 by hand. */
import type { Vectors } from '../../testing/vectors.ts';
import type { Meaning } from '../../wire-key.ts';

type Fields = Readonly<Record<string, Meaning>>;
type Expected = { readonly meaning: Meaning };

const DONE = { word: '9000', meaning: 'done' };

function command(name: string, fields: Fields = {}): Expected {
  return { meaning: { command: name, direction: 'toDevice', ...fields } };
}

function answer(name: string, fields: Fields, status: Meaning = DONE): Expected {
  return { meaning: { answer: name, direction: 'fromDevice', ...fields, status } };
}

function word(word: string, meaning: string): Expected {
  return answer('status', {}, { word, meaning });
}

function named(name: string, application: string, le?: number): Expected {
  return command('selectByName', { occurrence: 'first', name, application, ...(le === undefined ? {} : { le }) });
}

function file(file: string, contains: string, by = 'identifier'): Expected {
  return command('selectFile', { by, answer: 'control information', file, contains });
}

function cardRecord(record: number, le: number): Expected {
  return command('readRecord', { record, sfi: 5, contains: 'card data', le });
}

function holderIdentifier(identifier: number, holds: string, le: number): Expected {
  return command('readRecord', { identifier, holds, le });
}

function logRecord(record: number): Expected {
  return command('readRecord', { record, sfi: 24, contains: 'transaction log', le: 23 });
}

function record(file: string, tag: string, lengthBytes: number, value: Fields): Expected {
  return answer('record', { file, tag, ...value, lengthBytes });
}

const PURCHASE = { account: 'purse', keyIndex: 1, amountCents: 200, terminal: '440113000001', le: 15 };
/** Four bytes are a balance or the TAC of a load; only the question says which. */
const BALANCE = answer('balance', { balanceCents: 1234, otherReadings: [{ answer: 'credited', tac: '000004D2' }] });
const NOT_FOUND = word('6A82', 'file or application not found');
const NO_RECORD = word('6A83', 'record not found');

export const VECTORS: Vectors = {
  'smartcard-ssse': {
    'select-df': named('7378312E73682EC9E7BBE1B1A3D5CF', 'social-security environment'),
    'select-df-61': word('611E', '30 bytes wait'),
    'ef05-rsp-class': record('EF05', '02', 1, { cardClass: '3' }),
    'ef05-read-version': cardRecord(3, 6),
    'ef05-rsp-issuer': record('EF05', '04', 12, { initialisingOrganisation: '440100000000000000000000' }),
    'ef05-read-issue-date': cardRecord(5, 6),
    'ef05-rsp-issue-date': record('EF05', '05', 4, { issueDate: '2021-12-03' }),
    'ef05-read-expiry': cardRecord(6, 6),
    'ef05-rsp-expiry': record('EF05', '06', 4, { expiryDate: '2031-12-02' }),
    'ef05-read-number': cardRecord(7, 11),
    'ef06-select': file('EF06', 'holder data', 'elementaryFile'),
    'ef06-rsp-ssn': record('EF06', '08', 18, { socialSecurityNumber: '440113190001010016' }),
    'ef06-read-name-ext': holderIdentifier(0x4e, 'holderNameExtension', 22),
    'ef06-rsp-name-ext': record('EF06', '4E', 20, { holderNameExtension: '' }),
    'ef06-rsp-sex': record('EF06', '0A', 1, { sex: 'male' }),
    'ef06-read-birthplace': holderIdentifier(0x0c, 'birthplace', 5),
    'ef06-rsp-birth': record('EF06', '0D', 4, { birthDate: '1900-01-01' }),
    'ef06-g2-read-sex': command('readRecord', { record: 4, sfi: 6, contains: 'holder data', le: 3 }),
    'verify-default-pin': command('verifyPin', { reference: 0, pin: '888888' }),
    'sw-no-record': NO_RECORD,
    'sw-pin-2-left': word('63C2', 'verification failed, 2 tries left'),
    'sw-not-found': NOT_FOUND,
  },
  'smartcard-select': {
    pse: named('315041592E5359532E4444463031', 'contact payment directory (PSE)', 256),
    ppse: named('325041592E5359532E4444463031', 'contactless payment directory (PPSE)', 256),
    'unionpay-debit': named('A000000333010101', 'UnionPay debit'),
    'unionpay-quasi': named('A000000333010103', 'UnionPay quasi-credit'),
    'unionpay-ecash': named('A000000333010106', 'UnionPay e-cash'),
    tunion: named('A000000632010105', 'T-Union'),
    'lingnan-ticl': named('5041592E5449434C', 'Lingnan Pass, purse'),
    'df-1001': file('1001', 'purse directory'),
  },
  'smartcard-pboc': {
    'get-balance-ed': command('getBalance', { account: 'deposit', le: 4 }),
    'balance-12.34': BALANCE,
    'read-0015': command('readBinary', { sfi: 21, offset: 0, contains: 'public information', le: 30 }),
    'rsp-0015': answer('publicInformation', {
      issuer: '4401000000000000',
      applicationType: '11',
      applicationVersion: '02',
      serial: '44010012345678901234',
      startDate: '2020-01-01',
      endDate: '2040-12-31',
      issuerData: '0000',
    }),
    'read-0016': command('readBinary', { sfi: 22, offset: 0, contains: 'holder', le: 30 }),
    'read-log-1': logRecord(1),
    'read-log-2': logRecord(2),
    'read-log-10': logRecord(10),
    'rsp-log-compound': answer('logRecord', {
      sequence: 0x13,
      overdraftLimitCents: 0,
      amountCents: 300,
      type: '09',
      transaction: 'compound purchase',
      terminal: '440113000001',
      date: '2024-05-01',
      time: '18:30:15',
    }),
    'rsp-log-empty': answer('logRecord', { empty: 'FF' }),
    'rsp-log-end': NO_RECORD,
    'init-load': command('initializeForLoad', {
      account: 'deposit',
      keyIndex: 1,
      amountCents: 0x1000,
      terminal: '001122334455',
    }),
    'rsp-init-load': answer('loadInitialized', {
      balanceCents: 0,
      onlineSequence: 0,
      keyVersion: 1,
      algorithm: 0,
      random: '11223344',
      mac1: '2988AE5A',
    }),
    'init-purchase': command('initializeForPurchase', PURCHASE),
    'rsp-init-purchase': answer('purchaseInitialized', {
      balanceCents: 1234,
      offlineSequence: 0x12,
      overdraftLimitCents: 0,
      keyVersion: 1,
      algorithm: 0,
      random: 'A1B2C3D4',
    }),
    'debit-purchase': command('debitForPurchase', {
      terminalSequence: '00000077',
      date: '2024-05-01',
      time: '08:30:15',
      mac1: '7CDC1A59',
      le: 8,
    }),
    'rsp-debit-mac': word('9302', 'MAC invalid'),
    'rsp-debit-funds': word('9401', 'balance too small'),
    'init-compound': command('initializeForCompoundPurchase', PURCHASE),
    // eight bytes are the answer to DEBIT or to GET TRANSACTION PROVE, which have the two values in the other order
    'rsp-prove-done': answer('debited', {
      tac: '134D33E8',
      mac2: 'B5A8AA5D',
      otherReadings: [{ answer: 'proved', mac: '134D33E8', tac: 'B5A8AA5D' }],
    }),
    'rsp-prove-none': word('9406', 'requested MAC or TAC not available: no such transaction'),
    'get-prove-same-seq': command('getTransactionProve', {
      type: '06',
      transaction: 'purchase from the purse',
      sequence: 0x12,
      le: 8,
    }),
  },
  'smartcard-psam': {
    'rsp-terminal': answer('terminalNumber', { terminal: '440113000001' }),
    'select-df01': file('DF01', 'purse directory'),
    'init-mac1': command('initializeSamForPurchase', {
      random: 'A1B2C3D4',
      cardSequence: 0x12,
      amountCents: 200,
      type: '06',
      transaction: 'purchase from the purse',
      date: '2024-05-01',
      time: '08:30:15',
      keyVersion: 1,
      algorithm: 0,
      cardSerial: '1234567890123456',
    }),
    'rsp-mac1': answer('samInitialized', { terminalSequence: '00000077', mac1: '7CDC1A59' }),
    'check-mac2': command('creditSamForPurchase', { mac2: '134D33E8' }),
    'rsp-mac2-ok': answer('status', {}),
    'rsp-mac2-bad': word('9302', 'MAC invalid'),
  },
  vpcd: {
    'power-on': { meaning: { control: 'powerOn', direction: 'toDevice' } },
    reset: { meaning: { control: 'reset', direction: 'toDevice' } },
    'rapdu-balance': { meaning: { apdu: BALANCE.meaning } },
  },
};
