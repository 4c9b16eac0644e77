/** How large a QR code becomes before the printer has drawn it: the module size must be chosen so that it fits. */

/** Modules a side and the bytes that fit at error correction M (ISO/IEC 18004, byte mode), some versions on the way up. */
const SIZES: readonly (readonly [bytes: number, modules: number])[] = [
  [26, 25],
  [62, 33],
  [106, 41],
  [152, 49],
  [213, 57],
  [287, 65],
  [362, 73],
  [450, 81],
  [560, 89],
  [666, 97],
  [779, 105],
  [911, 113],
  [1059, 121],
  [1190, 129],
  [1370, 137],
  [1538, 145],
  [1722, 153],
];
const LARGEST_MODULES = 177;
const QUIET_MODULES = 8;
/** Six dots a module (0.75 mm) is comfortable for a phone's camera; a code longer than that allows gets smaller ones. */
const COMFORTABLE_DOTS = 6;

export function qrModules(byteLength: number): number {
  return SIZES.find(([bytes]) => byteLength <= bytes)?.[1] ?? LARGEST_MODULES;
}

export function qrModuleDots(byteLength: number, widthDots: number): number {
  const fits = Math.floor(widthDots / (qrModules(byteLength) + QUIET_MODULES));
  return Math.max(1, Math.min(COMFORTABLE_DOTS, fits));
}
