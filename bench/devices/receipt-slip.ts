/** The slip every encoder gets: a title, twelve lines of two columns, a QR code, a bar code, a footer, a cut; 48 columns. */

export const COLUMNS = 48;
export const TITLE = '番禺区村级公共服务站';
/** Rare but real surnames: 䶮 came to GBK with the standard of 2000, 㐂 takes four bytes. */
export const PAIRS: readonly (readonly [label: string, value: string])[] = [
  ['办理事项', '城乡居民医疗保险缴费'],
  ['姓名', '王䶮'],
  ['证件号码', '440113********0012'],
  ['缴费年度', '2026'],
  ['缴费档次', '第一档'],
  ['应缴金额', '￥380.00'],
  ['财政补助', '￥120.00'],
  ['实缴金额', '￥260.00'],
  ['经办人', '陈㐂'],
  ['支付方式', '银行卡'],
  ['交易参考号', '240815000123'],
  ['打印时间', '2026-01-05 08:00'],
];
export const QR_DATA = 'https://station.example/r/240815000123';
export const BARCODE_DATA = 'A012-2024';
export const FOOTER = '请妥善保管本凭条';
