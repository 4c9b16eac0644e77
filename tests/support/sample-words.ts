/** Words of the sample Views: hand-written in three languages, as a resident would meet them. */
import type { Locale } from '../../contract/view.schema.ts';

export type Words = Readonly<Record<Locale, string>>;

export function words(zhHans: string, zhHant: string, en: string): Words {
  return { 'zh-Hans': zhHans, 'zh-Hant': zhHant, en };
}

export const COMMON = {
  back: words('返回', '返回', 'Back'),
  next: words('下一步', '下一步', 'Next'),
  start: words('开始办理', '開始辦理', 'Start'),
  otherCard: words('没带卡', '冇帶卡', 'No card'),
  takeNumber: words('取号', '攞籌', 'Queue ticket'),
  parking: words('停车缴费', '泊車繳費', 'Pay parking'),
  parkingDetail: words('持卡八折', '持卡八折', '20% off with card'),
  ticketDetail: words('现在前面 4 人', '而家前面 4 人', '4 people ahead'),
  number: words('票号', '籌號', 'Ticket'),
  plate: words('车牌', '車牌', 'Licence plate'),
  fee: words('费用', '費用', 'Fee'),
  time: words('要多久', '要幾耐', 'Time'),
} as const;
