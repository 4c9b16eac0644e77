/** The ID cards of the station. Nobody living: every holder is "born" between 1900 and 1904 (device-protocols, data rules). */
import { citizenText, paddedText, permitText, textBlock, type Person } from './id-card-text.ts';

export interface IdCardData {
  readonly id: string;
  /** For the person who picks a card on the station's page. */
  readonly label: string;
  readonly note: string;
  /** 256 bytes. */
  readonly text: Uint8Array;
  /** 1024 bytes. */
  readonly photo: Uint8Array;
  /** 1024 bytes, or none. */
  readonly fingerprints: Uint8Array;
  /** Newest first, 70 bytes each. */
  readonly addresses: readonly Uint8Array[];
}

const WLT_PREFIX = [0x57, 0x4c, 0x66, 0x00, 0x7e, 0x00, 0x32, 0x00, 0x00, 0xff];
const TEMPLATE_BYTES = 512;

/** Filler behind a real WLT prefix; no decoder can make a picture of it (1.8). */
function photo(): Uint8Array {
  const filler = Array.from({ length: 1_024 - WLT_PREFIX.length }, (_unused, index) => (11 + 37 * index) & 0xff);
  return Uint8Array.of(...WLT_PREFIX, ...filler);
}

/** A GA 1012 template with filler for features; `finger` is the sheet's number. */
function template(finger: number, quality: number): Uint8Array {
  const bytes = Uint8Array.from({ length: TEMPLATE_BYTES }, (_unused, index) => (finger * 13 + 29 * index) & 0xff);
  bytes.set([0x43, 0x01, 0x02, 0x03, 0x01, finger, quality]);
  return bytes;
}

const TWO_FINGERS = Uint8Array.of(...template(11, 80), ...template(16, 72));
/** The second place is filled as "not registered" (03). */
const ONE_FINGER = Uint8Array.of(
  ...template(12, 0),
  ...Uint8Array.of(0x43, 0, 0, 0, 0x03, 99, 0, ...new Uint8Array(TEMPLATE_BYTES - 7)),
);

const ISSUER = '广州市公安局番禺分局';

const CHEN: Person = {
  name: '陈小明',
  sex: '1',
  nation: '01',
  birth: '19000101',
  address: '广东省广州市番禺区示范镇沙墟一村榕树街8号',
  number: '440113190001010016',
  issuer: ISSUER,
  from: '20200101',
  to: '20400101',
};

const LONG_TERM: Person = {
  ...CHEN,
  name: '示范乙',
  sex: '2',
  nation: '08',
  birth: '19010203',
  address: '广东省广州市番禺区示范街道样板路2号',
  number: '440113190102030024',
  to: '长期',
};

function card(
  id: string,
  note: string,
  person: Pick<Person, 'name'>,
  text: Uint8Array,
  more: Partial<Pick<IdCardData, 'fingerprints' | 'addresses'>> = {},
): IdCardData {
  return { id, label: person.name, note, text, photo: photo(), fingerprints: TWO_FINGERS, addresses: [], ...more };
}

function citizen(
  id: string,
  note: string,
  changes: Partial<Person>,
  more?: Partial<Pick<IdCardData, 'fingerprints' | 'addresses'>>,
): IdCardData {
  const person = { ...CHEN, ...changes };
  return card(id, note, person, citizenText(person), more);
}

export const ID_CARDS: readonly IdCardData[] = [
  citizen('chen-xiaoming', 'Citizen; the holder of the livelihood card of the same name', {}),
  citizen('long-term', 'Citizen; valid without end, one finger registered', LONG_TERM, { fingerprints: ONE_FINGER }),
  citizen(
    'no-fingerprints',
    'Citizen; an older card without fingerprints',
    {
      name: '示范甲',
      address: '广东省广州市番禺区示范镇样板村民委员会一号',
    },
    { fingerprints: new Uint8Array() },
  ),
  citizen('rare-name', 'Citizen; a rare character in the name', {
    name: '梁䶮',
    birth: '19041120',
    number: '440126190411200033',
  }),
  citizen('private-use-name', 'Citizen; the issuer used a private-use character', {
    name: '示\uE863范',
    sex: '2',
    nation: '59',
    birth: '19030909',
    number: '440113190309092046',
  }),
  citizen(
    'moved',
    'Citizen; two appended addresses',
    {},
    {
      addresses: ['广东省广州市番禺区示范镇新村九号', '广东省广州市番禺区示范镇旧村三号'].map((text) =>
        paddedText(text, 70),
      ),
    },
  ),
  card(
    'residence-permit',
    'Residence permit for Hong Kong, Macao and Taiwan (J)',
    { name: '示范丙' },
    permitText(
      {
        name: '示范丙',
        sex: '1',
        nation: '',
        birth: '19020304',
        address: '广东省广州市番禺区示范街道样板路3号',
        number: '810000190203040039',
        issuer: '广州市公安局',
        from: '20200101',
        to: '20250101',
      },
      'H00000000',
      '01',
    ),
  ),
  card(
    'foreigner-2017',
    'Permanent residence card, layout of 2017 (I)',
    { name: 'SAMPLE, PERSON ONE' },
    textBlock([
      [0, 120, 'SAMPLE, PERSON ONE'],
      [120, 2, '2'],
      [122, 30, 'USA440099010101'],
      [152, 6, 'USA'],
      [158, 30, '样本人'],
      [188, 16, '20200101'],
      [204, 16, '20300101'],
      [220, 16, '19030405'],
      [236, 4, '01'],
      [240, 8, '1500'],
      [248, 2, 'I'],
    ]),
    { fingerprints: new Uint8Array() },
  ),
  card(
    'foreigner-2023',
    'Permanent residence card, layout of 2023 (Y)',
    { name: '样本人二' },
    textBlock([
      [0, 30, '样本人二'],
      [30, 2, '1'],
      [32, 4, '01'],
      [36, 16, '19040506'],
      [52, 70, 'SAMPLE PERSON WITH A VERY LONG NAME'],
      [122, 36, '944840190405060019'],
      [188, 16, '20240101'],
      [204, 16, '20340101'],
      [220, 22, 'S INDEED AB'],
      [242, 6, '840'],
      [248, 2, 'Y'],
    ]),
    { fingerprints: new Uint8Array() },
  ),
  card(
    'unknown-document',
    'A document of a kind that does not exist yet (Q)',
    CHEN,
    citizenText(CHEN, [[248, 2, 'Q']]),
  ),
  citizen('wrong-check-digit', 'Citizen; the last digit of the number is wrong', { number: '440113190001010017' }),
];

export function idCard(id: string): IdCardData | undefined {
  return ID_CARDS.find((each) => each.id === id);
}
