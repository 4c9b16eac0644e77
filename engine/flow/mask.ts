/** Personal values as a passer-by may see them (ux 1.3). The clear value never reaches a View, a slip or a log. */
const COMPOUND_SURNAMES = [
  '欧阳',
  '司徒',
  '上官',
  '诸葛',
  '司马',
  '慕容',
  '尉迟',
  '东方',
  '歐陽',
  '諸葛',
  '司馬',
  '東方',
];

/** Surname and one star a character: 陈** for 陈小明, 欧阳* for 欧阳锋. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const surnameLength = COMPOUND_SURNAMES.includes(characters.slice(0, 2).join('')) && characters.length > 2 ? 2 : 1;
  const hidden = Math.min(Math.max(characters.length - surnameLength, 1), 4);
  return characters.slice(0, surnameLength).join('') + '*'.repeat(hidden);
}

/** Last four of a card number. */
export function maskCard(cardNumber: string): string {
  return `**** ${cardNumber.slice(-4)}`;
}

/** 粤A·8**62: enough to see that it is one's own car. */
export function maskPlate(plate: string): string {
  const characters = [...plate];
  const number = characters.slice(2);
  const shown = number.map((character, index) => (index === 0 || index >= number.length - 2 ? character : '*'));
  return `${characters.slice(0, 2).join('')}·${shown.join('')}`;
}
