import path from "node:path";

/** The files of one server, named by the key of its settings. */
export interface ServerPlaces {
  /** Held by the keeper as long as it lives. */
  readonly lock: string;
  /** Where leases are taken; its path must stay short (104 bytes on macOS). */
  readonly socket: string;
  /** Address and token of the server, mode 0600, while it is ready. */
  readonly discovery: string;
  /** What a keeper that fails says. */
  readonly complaint: string;
  /** Log, arguments, scratch files and tables of one run. */
  readonly folder: string;
}

export function serverPlaces(folder: string, key: string): ServerPlaces {
  const at = (ending: string): string => path.join(folder, `${key}${ending}`);
  return {
    lock: at(".lock"),
    socket: process.platform === "win32" ? `\\\\.\\pipe\\outgrow-spark-${key}` : at(".sock"),
    discovery: at(".json"),
    complaint: at(".err"),
    folder: at(`-${process.pid}`),
  };
}
