/** The cards that can be laid on the reader. Nobody living: every holder is "born" between 1900 and 1904. */
import { livelihoodApplication, socialSecurityApplication, type CardApplication } from './card-files.ts';

export interface VirtualCardData {
  readonly id: string;
  /** For the person who picks a card on the station's page. */
  readonly label: string;
  readonly note: string;
  readonly kind: 'livelihood' | 'social-security' | 'unknown';
  readonly applications: readonly CardApplication[];
}

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
