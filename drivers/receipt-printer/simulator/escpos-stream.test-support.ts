/** Writes ESC/POS for the tests of the simulator, from the sheet and from nothing else. */
import { bytesOf } from '../../simulator/byte-simulator.ts';

/** GB2312 row and cell of the few characters the tests print. */
const GBK: Readonly<Record<string, string>> = {
  番: 'B7AC', 禺: 'D8AE', 区: 'C7F8', 党: 'B5B3', 群: 'C8BA', 服: 'B7FE', 务: 'CEF1', 站: 'D5BE', 排: 'C5C5',
  队: 'B6D3', 号: 'BAC5', 您: 'C4FA', 的: 'B5C4', 码: 'C2EB', 前: 'C7B0', 面: 'C3E6', 还: 'BBB9', 有: 'D3D0',
  位: 'CEBB', 请: 'C7EB', 取: 'C8A1', 走: 'D7DF', 凭: 'C6BE', 条: 'CCF5', 社: 'C9E7', 保: 'B1A3', 业: 'D2B5',
}; // prettier-ignore

/** `hex` pieces as they are, `'text'` pieces in GBK. */
export function stream(...pieces: readonly (string | { readonly text: string })[]): Uint8Array {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? bytesOf(piece) : encode(piece.text)));
  return Uint8Array.from(Buffer.concat(bytes));
}

function encode(text: string): Uint8Array {
  return Uint8Array.from([...text].flatMap((char) => (GBK[char] ? [...bytesOf(GBK[char])] : [char.charCodeAt(0)])));
}
