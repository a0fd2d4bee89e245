import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { formatBytes } from "../../src/units.ts";
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
  #path = "";
  /** Why there is no file. */
  #lost: string | undefined;

  /** Where all of it is, or why it is nowhere; undefined while nothing is left out. */
  get whereabouts(): string | undefined {
    if (this.#lost !== undefined) return `it could not be kept in a file: ${this.#lost}`;
    if (this.#open === undefined) return undefined;
    return this.#written > MOST_BYTES
      ? `the first ${formatBytes(MOST_BYTES)} are in ${this.#path}`
      : `all of it is in ${this.#path}`;
  }

  add(text: string): void {
    if (this.#open !== undefined) this.#write(text);
    else if (this.#lost === undefined) this.#kept.push(text);
  }

  /** Some of it is not shown: from here on it goes to the file, with what came before. */
  toFile(): void {
    if (this.#open !== undefined || this.#kept.length === 0) return;
    const kept = this.#kept;
    try {
      const folder = path.join(dataFolder(), "outputs");
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Named by their time: the oldest are the first.
      for (const old of readdirSync(folder)
        .sort()
        .slice(0, 1 - KEPT_FILES))
        rmSync(path.join(folder, old), { force: true });
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.txt`;
      this.#path = path.join(folder, name);
      this.#open = openSync(this.#path, "wx", 0o600);
      for (const text of kept) this.#write(text);
    } catch (error) {
      this.#lose(error);
    }
    this.#kept = [];
  }

  /** The cell is over; what a timer of it prints later is another text. */
  end(): void {
    this.#close();
    this.#lost = undefined;
    this.#written = 0;
    this.#kept = [];
  }

  #write(text: string): void {
    if (this.#open === undefined || this.#written > MOST_BYTES) return;
    const bytes = Buffer.from(text);
    try {
      // A disk that is about to be full takes a part, and says nothing.
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#open, bytes, at);
      this.#written += bytes.length;
    } catch (error) {
      this.#lose(error);
    }
  }

  /** A beginning that nobody is told of would only take the room that others need. */
  #lose(error: unknown): void {
    this.#lost = (error as Error).message;
    if (this.#open === undefined) return;
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #close(): void {
    const file = this.#open;
    this.#open = undefined;
    try {
      if (file !== undefined) closeSync(file);
    } catch (error) {
      // A network's disk may say only now that it is full.
      console.error(`outgrow kernel: ${this.#path} may lack its end:`, (error as Error).message);
    }
  }
}
