/** Jobs remembered; far more than can be open at once. */
const MEMORY = 64;

/** Sets a key of a map that forgets its oldest entries. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MEMORY && oldest !== undefined) map.delete(oldest);
}
