/** What differs between two contents, a line each, for a person who must say yes to it. Pure. */

/** `+ closed[1].service: "parking"`, `- ...`, `~ parking.places[0].centsPerStartedHour: 400 -> 500`. */
export function contentChanges(before: unknown, after: unknown): readonly string[] {
  const old = new Map(leavesOf(before));
  const fresh = new Map(leavesOf(after));
  const lines: string[] = [];
  for (const [path, value] of fresh) {
    const was = old.get(path);
    if (was === undefined) lines.push(`+ ${path}: ${value}`);
    else if (was !== value) lines.push(`~ ${path}: ${was} -> ${value}`);
  }
  for (const [path, value] of old) if (!fresh.has(path)) lines.push(`- ${path}: ${value}`);
  return lines;
}

/** Each value that holds no other, by its path; an empty list or object is one, too. */
function leavesOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value) ?? 'nothing']];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    leavesOf(one, isList ? `${path}[${key}]` : joined(path, key)),
  );
  return inner.length > 0 || path === '' ? inner : [[path, isList ? '[]' : '{}']];
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
