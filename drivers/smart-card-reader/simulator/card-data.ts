/** The cards that can be laid on the reader. Nobody living: every holder is "born" between 1900 and 1904. */
import {
  cityUnionApplication,
  HOLDER_TAGS,
  lingnanApplications,
  livelihoodApplication,
  paymentDirectory,
  socialSecurityApplication,
  tUnionApplication,
  type CardApplication,
} from './card-files.ts';

export interface VirtualCardData {
  readonly id: string;
  /** For the person who picks a card on the station's page. */
  readonly label: string;
  readonly note: string;
  readonly kind: 'livelihood' | 'social-security' | 'city' | 'unknown';
  readonly applications: readonly CardApplication[];
}

/** A load and a ride, as the sheet's examples have them. */
const EARLIER = ['0011000000000000C80644011300000120240501083015', '0003000000000013880244011300000120240401101500'];
/** The PIN that some regions set on every card. */
const REGION_PIN = '888888';

export const VIRTUAL_CARDS: readonly VirtualCardData[] = [
  {
    id: 'livelihood-chen',
    label: '陈小明',
    note: 'Livelihood card, valid',
    kind: 'livelihood',
    applications: [
      livelihoodApplication({
        number: '4401130000010017',
        holderName: '陈小明',
        holderId: '440113190001010016',
        startDate: '20200101',
        endDate: '20401231',
        balanceCents: 1_234,
        log: EARLIER,
      }),
    ],
  },
  {
    id: 'livelihood-long-name',
    label: '古丽巴哈尔·阿不都热合曼',
    note: 'Livelihood card; the name is longer than the 20 bytes the card holds',
    kind: 'livelihood',
    applications: [
      livelihoodApplication({
        number: '4401130000010025',
        holderName: '古丽巴哈尔·阿不都热',
        holderId: '44018119020316102X',
        startDate: '20210315',
        endDate: '20410314',
        balanceCents: 0,
      }),
    ],
  },
  {
    id: 'livelihood-rare-name',
    label: '梁䶮',
    note: 'Livelihood card; the issuer wrote ？ for a character outside GBK',
    kind: 'livelihood',
    applications: [
      livelihoodApplication({
        number: '4401130000010033',
        holderName: '梁？',
        holderId: '440126190411200033',
        startDate: '20220601',
        endDate: '20420531',
        balanceCents: 500,
      }),
    ],
  },
  {
    id: 'livelihood-expired',
    label: '何大文',
    note: 'Livelihood card, expired at the end of 2020',
    kind: 'livelihood',
    applications: [
      livelihoodApplication({
        number: '4401130000010041',
        holderName: '何大文',
        holderId: '440113190107223052',
        startDate: '20110101',
        endDate: '20201231',
        balanceCents: 0,
      }),
    ],
  },
  {
    id: 'social-security-huang',
    label: '黄秀英',
    note: 'Social-security card, second generation',
    kind: 'social-security',
    applications: [
      socialSecurityApplication({
        number: 'A12345678',
        holderName: '黄秀英',
        nameExtension: '',
        holderId: '440113190309092046',
        sex: '2',
        nation: '01',
        birthDate: '19030909',
        issueDate: '20211203',
        expiryDate: '20411202',
      }),
    ],
  },
  {
    id: 'social-security-first',
    label: '李大山',
    note: 'Social-security card, first generation',
    kind: 'social-security',
    applications: [
      socialSecurityApplication({
        number: 'B20000017',
        holderName: '李大山',
        nameExtension: '',
        holderId: '440113190105050015',
        sex: '1',
        nation: '01',
        birthDate: '19010505',
        issueDate: '20101203',
        expiryDate: '20401202',
        generation: 1,
      }),
    ],
  },
  {
    id: 'social-security-contactless',
    label: '何玉兰',
    note: 'Social-security card, third generation, without contact: number and holder blank before the PIN',
    kind: 'social-security',
    applications: [
      socialSecurityApplication({
        number: 'C30000025',
        holderName: '何玉兰',
        nameExtension: '',
        holderId: '440113190202020028',
        sex: '2',
        nation: '01',
        birthDate: '19020202',
        issueDate: '20230601',
        expiryDate: '20430531',
        generation: 3,
        pin: { value: REGION_PIN, tries: 3, guards: HOLDER_TAGS, withheld: 'blank', tellsTries: true },
      }),
    ],
  },
  {
    id: 'social-security-guarded',
    label: '阿依古丽·买买提依明江',
    note: 'Social-security card of a region that guards the holder with a PIN; a name longer than its record',
    kind: 'social-security',
    applications: [
      socialSecurityApplication({
        number: 'D40000033',
        holderName: '阿依古丽·买买提依明江阿卜杜',
        nameExtension: '热西提',
        holderId: '440113190303030041',
        sex: '2',
        nation: '05',
        birthDate: '19030303',
        issueDate: '20200101',
        expiryDate: '20401231',
        pin: { value: REGION_PIN, tries: 3, guards: HOLDER_TAGS.slice(1), withheld: 'refused', tellsTries: true },
      }),
    ],
  },
  {
    id: 'city-union',
    label: 'City union card',
    note: 'Purse of 50.00; tells its number while it is selected',
    kind: 'city',
    applications: [
      cityUnionApplication({
        number: '5100000000000017',
        startDate: '20200101',
        endDate: '20401231',
        balanceCents: 5_000,
        log: EARLIER,
      }),
    ],
  },
  {
    id: 't-union',
    label: 'T-Union card',
    note: 'National transport card, purse of 20.00, never used',
    kind: 'city',
    applications: [
      tUnionApplication({
        number: '3104400000000000025',
        startDate: '20200101',
        endDate: '20401231',
        balanceCents: 2_000,
      }),
    ],
  },
  {
    id: 'lingnan-pass',
    label: 'Lingnan Pass',
    note: 'Public information and purse in two applications, purse of 1.00',
    kind: 'city',
    applications: lingnanApplications({
      number: '5100000033',
      startDate: '20200101',
      endDate: '20401231',
      balanceCents: 100,
      log: EARLIER,
    }),
  },
  {
    id: 'bank-card',
    label: 'Bank card or telephone',
    note: 'Shows the contactless payment directory only',
    kind: 'unknown',
    applications: [paymentDirectory()],
  },
  {
    id: 'unknown',
    label: 'Some other card',
    note: 'Knows none of the applications the kiosk asks for',
    kind: 'unknown',
    applications: [],
  },
];

export function virtualCard(id: string): VirtualCardData | undefined {
  return VIRTUAL_CARDS.find((card) => card.id === id);
}
