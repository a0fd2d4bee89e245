import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** Looks at the folder of spilled data four times a second until disposed, and keeps the most that it held. */
export class SpillMeter {
  readonly #folder: string;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#timer = setInterval(() => void this.sample(), 250);
    this.#timer.unref();
  }

  get peak(): number {
    return this.#peak;
  }

  async sample(): Promise<void> {
    this.#peak = Math.max(this.#peak, await bytesIn(this.#folder));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** A file may go while it is looked at, and the folder is there only once something was spilled. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map((name) =>
    stat(path.join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(files)).reduce((sum, size) => sum + size, 0);
}
