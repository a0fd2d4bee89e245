import { setTimeout as wait } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { Interrupted } from "../../errors.ts";
import { type Failure, failureOf } from "./failure.ts";
import { distrust, isOtherProtocol, isWithoutTls } from "./tls-faults.ts";

/** The constants of the official clients. */
const TRIES = 15;
const FIRST_MS = 50;
const FACTOR = 4;
const MOST_MS = 60_000;
const JITTER_FROM_MS = 2_000;
const JITTER_MS = 500;
/** How long a server may ask us to wait. */
const MOST_ASKED_MS = 10 * 60_000;
/** A refused connection on this machine, or one to another kind of server, is no matter of the network: 4 s instead of 10 minutes. */
const TRIES_REFUSED_HERE = 5;

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly isLoopback: boolean;
  /** Fewer tries than the official clients', for a call that somebody waits for. */
  readonly tries?: number | undefined;
}

/** Waits between the tries of one call; an attempt that delivered something starts the count again. */
export class Backoff {
  readonly #options: RetryOptions;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  reset(): void {
    this.#failures = 0;
  }

  /** Waits for the next try; false when the failure is final. */
  async again(failure: Failure): Promise<boolean> {
    const { signal, isLoopback, tries = TRIES } = this.#options;
    if (signal?.aborted || !isRetryable(failure)) return false;
    this.#failures++;
    const most = isLoopback && isRefused(failure) ? Math.min(tries, TRIES_REFUSED_HERE) : tries;
    if (this.#failures >= most) return false;
    const ms = Math.max(this.#delay(), Math.min(failure.retryAfterMs ?? 0, MOST_ASKED_MS));
    await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
    return !signal?.aborted;
  }

  #delay(): number {
    const ms = Math.min(FIRST_MS * FACTOR ** (this.#failures - 1), MOST_MS);
    return ms >= JITTER_FROM_MS ? ms + Math.random() * JITTER_MS : ms;
  }
}

/**
 * Runs a call again as the official clients do.
 *
 * @throws {Interrupted} when the signal is aborted, between two tries too
 */
export async function withRetries<T>(options: RetryOptions, call: () => Promise<T>): Promise<T> {
  const backoff = new Backoff(options);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(await backoff.again(failureOf(error)))) throw options.signal?.aborted ? new Interrupted() : error;
    }
  }
}

function isRetryable({ code, message, retryAfterMs }: Failure): boolean {
  if (distrust(message) !== undefined || isWithoutTls(message)) return false;
  if (code === status.UNAVAILABLE || retryAfterMs !== undefined) return true;
  return code === status.INTERNAL && message.includes("INVALID_CURSOR.DISCONNECTED");
}

function isRefused({ code, message }: Failure): boolean {
  return code === status.UNAVAILABLE && (message.includes("ECONNREFUSED") || isOtherProtocol(message));
}
