/** What happens next, by its instant: a binary heap of numbers, because a herd has millions of events. */
export class EventQueue {
  #atMs = new Float64Array(1 << 16);
  #what = new Int32Array(1 << 16);
  #size = 0;

  /** Events at the same instant come in no particular, but always the same, order. */
  add(atMs: number, what: number): void {
    if (this.#size === this.#atMs.length) this.#grow();
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#atMs[parent] ?? 0) <= atMs) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, atMs, what);
  }

  next(): { readonly atMs: number; readonly what: number } | undefined {
    if (this.#size === 0) return undefined;
    const first = { atMs: this.#atMs[0] ?? 0, what: this.#what[0] ?? 0 };
    const atMs = this.#atMs[--this.#size] ?? 0;
    const what = this.#what[this.#size] ?? 0;
    let place = 0;
    for (let child = 1; child < this.#size; child = place * 2 + 1) {
      if (child + 1 < this.#size && (this.#atMs[child + 1] ?? 0) < (this.#atMs[child] ?? 0)) child += 1;
      if ((this.#atMs[child] ?? 0) >= atMs) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, atMs, what);
    return first;
  }

  #put(place: number, atMs: number, what: number): void {
    this.#atMs[place] = atMs;
    this.#what[place] = what;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#atMs[from] ?? 0, this.#what[from] ?? 0);
  }

  #grow(): void {
    const atMs = new Float64Array(this.#atMs.length * 2);
    const what = new Int32Array(atMs.length);
    atMs.set(this.#atMs);
    what.set(this.#what);
    this.#atMs = atMs;
    this.#what = what;
  }
}
