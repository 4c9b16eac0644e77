/** What the names, identifiers and tags of device-protocols 2.2 and 2.3 stand for, in words for a person with a line of hex. */
import type { FieldKind } from './card-layout.codec.ts';

/** Application names and AIDs as they are selected. */
export const APPLICATIONS: Readonly<Record<string, string>> = {
  '7378312E73682EC9E7BBE1B1A3D5CF': 'social-security environment',
  '325041592E5359532E4444463031': 'contactless payment directory (PPSE)',
  '315041592E5359532E4444463031': 'contact payment directory (PSE)',
  A000000333010101: 'UnionPay debit',
  A000000333010102: 'UnionPay credit',
  A000000333010103: 'UnionPay quasi-credit',
  A000000333010106: 'UnionPay e-cash',
  A000000632010105: 'T-Union',
  A00000000386980701: 'city union',
  '5041592E41505059': 'Lingnan Pass, public',
  '5041592E5449434C': 'Lingnan Pass, purse',
  '5041592E535A54': 'Shenzhen',
  '4150312E5748435443': 'Wuhan',
  D15600000500: 'social security, public',
  D15600000501: 'social security, employment',
  D15600000502: 'social security, insurance',
  D15600000503: 'social security, insurance',
  D15600000504: 'social security, personnel',
};

export const FILES: Readonly<Record<string, string>> = {
  '3F00': 'master file',
  '1001': 'purse directory',
  '3F01': 'purse directory',
  DF01: 'purse directory',
  DF02: 'application directory',
  DF03: 'purse directory',
  DF04: 'application directory',
  EF05: 'card data',
  EF06: 'holder data',
  EF07: 'fingerprint',
  EF08: 'photo',
  '0015': 'public information',
  '0016': 'holder',
  '0017': 'city of a T-Union card',
  '0018': 'transaction log',
  '0019': 'compound records',
  '001A': 'transit records',
};

/** By short file identifier, where it means the same on every card. */
export const FILES_BY_SFI: Readonly<Record<number, string>> = {
  5: 'card data',
  6: 'holder data',
  0x15: 'public information',
  0x16: 'holder',
  0x17: 'city of a T-Union card',
  0x18: 'transaction log',
  0x19: 'compound records',
  0x1a: 'transit records',
};

export interface RecordTag {
  readonly field: string;
  /** Undefined: it varies. */
  readonly bytes?: number;
  readonly as: FieldKind;
  readonly file: 'EF05' | 'EF06';
}

/** Records of the social-security card; the tag is also the number (EF05) or the identifier (EF06) they are asked for by. */
export const RECORD_TAGS: Readonly<Record<number, RecordTag>> = {
  0x01: { field: 'cardCode', bytes: 16, as: 'hex', file: 'EF05' },
  0x02: { field: 'cardClass', bytes: 1, as: 'ascii', file: 'EF05' },
  0x03: { field: 'specificationVersion', bytes: 4, as: 'ascii', file: 'EF05' },
  0x04: { field: 'initialisingOrganisation', bytes: 12, as: 'hex', file: 'EF05' },
  0x05: { field: 'issueDate', bytes: 4, as: 'date', file: 'EF05' },
  0x06: { field: 'expiryDate', bytes: 4, as: 'date', file: 'EF05' },
  0x07: { field: 'cardNumber', bytes: 9, as: 'ascii', file: 'EF05' },
  0x08: { field: 'socialSecurityNumber', bytes: 18, as: 'ascii', file: 'EF06' },
  0x09: { field: 'holderName', bytes: 30, as: 'gbk', file: 'EF06' },
  0x4e: { field: 'holderNameExtension', as: 'gbk', file: 'EF06' },
  0x0a: { field: 'sex', bytes: 1, as: 'sex', file: 'EF06' },
  0x0b: { field: 'nation', bytes: 1, as: 'bcd', file: 'EF06' },
  0x0c: { field: 'birthplace', bytes: 3, as: 'bcd', file: 'EF06' },
  0x0d: { field: 'birthDate', bytes: 4, as: 'date', file: 'EF06' },
};

/** Transaction types of the purse log and of GET TRANSACTION PROVE. */
export const TRANSACTION_TYPES: Readonly<Record<string, string>> = {
  '01': 'load of the deposit',
  '02': 'load of the purse',
  '05': 'purchase from the deposit',
  '06': 'purchase from the purse',
  '09': 'compound purchase',
};
