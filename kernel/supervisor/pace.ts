/** Jupyter's server drops what exceeds 1000 messages or 1 MB of text per second over 3 s; a tenth is left for what else it counts. */
const WINDOW_MS = 3000;
const WINDOW_BYTES = 2_700_000;
const WINDOW_MESSAGES = 2700;
/** Sendings are remembered by slots of this length. */
const SLOT_MS = 50;

interface Slot {
  readonly at: number;
  bytes: number;
  messages: number;
}

/** Counts what was sent in the last three seconds, as the server does. */
export class Pace {
  #slots: Slot[] = [];
  #bytes = 0;
  #messages = 0;

  /** Whether so many bytes may go now; if so they are counted. */
  take(bytes: number, now = performance.now()): boolean {
    this.#forget(now);
    const first = this.#messages === 0;
    if (!first && (this.#bytes + bytes > WINDOW_BYTES || this.#messages + 1 > WINDOW_MESSAGES)) return false;
    let slot = this.#slots.at(-1);
    if (!slot || now - slot.at >= SLOT_MS) {
      slot = { at: now, bytes: 0, messages: 0 };
      this.#slots.push(slot);
    }
    slot.bytes += bytes;
    slot.messages++;
    this.#bytes += bytes;
    this.#messages++;
    return true;
  }

  /** How long until something is forgotten, and more may go. */
  wait(now = performance.now()): number {
    const oldest = this.#slots[0];
    return oldest ? Math.max(1, oldest.at + WINDOW_MS + SLOT_MS - now) : 0;
  }

  /** The server forgets at every idle. */
  reset(): void {
    this.#slots = [];
    this.#bytes = 0;
    this.#messages = 0;
  }

  #forget(now: number): void {
    for (let slot = this.#slots[0]; slot && now - slot.at >= WINDOW_MS + SLOT_MS; slot = this.#slots[0]) {
      this.#slots.shift();
      this.#bytes -= slot.bytes;
      this.#messages -= slot.messages;
    }
  }
}
