/**
 * Picture data that no printer takes for an order. A printer in strict real-time mode obeys DLE EOT, DLE ENQ and DLE DC4
 * (Star: ESC ACK) wherever their bytes pass, even inside a picture (device-protocols 4.4): a status request there would be
 * answered in the middle of the proof, `10 05 02` would empty the buffer.
 */
const OBEYED: Readonly<Record<number, readonly number[]>> = { 0x10: [0x04, 0x05, 0x14], 0x1b: [0x06] };
/** The dot that is added: beside one that is black in both openings, so that a stroke becomes one dot wider there. */
const EXTRA_DOT = 0x20;

/** Changes the data in place. */
export function disarm(dots: Uint8Array): void {
  for (let at = 0; at + 1 < dots.length; at += 1) {
    const [first = 0, second = 0] = dots.subarray(at, at + 2);
    if (OBEYED[first]?.includes(second)) dots[at] = first | EXTRA_DOT;
  }
}
