/** GBK as a card stores it. The platform only decodes; the way back is the same table, turned round once. */
let table: ReadonlyMap<string, readonly [number, number]> | undefined;

/** Throws when a character has no two-byte form: a card cannot hold it, so the card's data must not name it. */
export function encodeGbk(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((char) => {
      if (char.charCodeAt(0) < 0x80) return [char.charCodeAt(0)];
      const bytes = gbkTable().get(char);
      if (!bytes) throw new Error(`no GBK form of U+${char.codePointAt(0)?.toString(16)}`);
      return [...bytes];
    }),
  );
}

function gbkTable(): ReadonlyMap<string, readonly [number, number]> {
  if (table) return table;
  const built = new Map<string, readonly [number, number]>();
  const decoder = new TextDecoder('gbk');
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if ([...char].length === 1 && char !== '\ufffd') built.set(char, [lead, trail]);
    }
  }
  table = built;
  return built;
}
