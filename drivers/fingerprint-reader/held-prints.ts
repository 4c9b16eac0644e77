/** What the module may still hold of a person, as far as this side knows. At the start it may hold anybody. */
export class HeldPrints {
  /** Feature files or templates in the two buffers. */
  inBuffers = true;
  /** The picture of the last finger. */
  inImage = true;
  /** Nobody is meant to come back for it: it is overwritten before anything else is done. */
  mustGo = true;

  get isAny(): boolean {
    return this.inBuffers || this.inImage;
  }

  /** The wire is new, or a command ended half-way: what is held now belongs to nobody. */
  abandon(): void {
    this.mustGo = this.inBuffers;
  }

  buffersWiped(): void {
    this.inBuffers = false;
    this.mustGo = false;
  }
}
