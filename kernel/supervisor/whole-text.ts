import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { dataFolder } from "./data-folder.ts";

/** Files of earlier floods that are kept. */
const KEPT_FILES = 20;
/** A loop that prints without end must not fill the disk. */
const MOST_BYTES = 2 ** 30;

/** All text of a cell while it runs: in memory as long as all of it is shown, in a file of the user's data folder from when some is left out. */
export class WholeText {
  #kept: string[] = [];
  #open: number | undefined;
  #written = 0;
  #path: string | undefined;
  #isLost = false;

  /** Where all of it is; undefined while nothing is left out, or when it could not be written. */
  get path(): string | undefined {
    return this.#path;
  }

  add(text: string): void {
    if (this.#open !== undefined) this.#write(text);
    else if (!this.#isLost) this.#kept.push(text);
  }

  /** Some of it is not shown: from here on it goes to the file, with what came before. */
  toFile(): void {
    if (this.#open !== undefined || this.#kept.length === 0) return;
    try {
      const folder = path.join(dataFolder(), "outputs");
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Named by their time: the oldest are the first.
      for (const old of readdirSync(folder)
        .sort()
        .slice(0, 1 - KEPT_FILES))
        rmSync(path.join(folder, old));
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.txt`;
      this.#path = path.join(folder, name);
      this.#open = openSync(this.#path, "wx", 0o600);
      for (const text of this.#kept) this.#write(text);
    } catch {
      this.#isLost = true;
      this.#path = undefined;
    }
    this.#kept = [];
  }

  /** The cell is over; what a timer of it prints later is another text. */
  end(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
    this.#path = undefined;
    this.#isLost = false;
    this.#written = 0;
    this.#kept = [];
  }

  #write(text: string): void {
    if (this.#open === undefined || this.#written > MOST_BYTES) return;
    try {
      this.#written += writeSync(this.#open, text);
    } catch {
      // A full disk costs the file its end, and the notice its path.
      this.#path = undefined;
    }
  }
}
