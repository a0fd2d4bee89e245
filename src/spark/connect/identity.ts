import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import type { Endpoint } from "./endpoint.ts";
import { sessionChanged } from "./errors.ts";

/** What every request says about its session; requests add their own fields. */
export interface RequestHead {
  readonly sessionId: string;
  readonly userContext: { readonly userId: string; readonly userName: string };
  readonly clientType: string;
  readonly clientObservedServerSideSessionId?: string;
}

/** Who asks: the session's name, its user, and the session that the server has under that name. */
export class SessionIdentity {
  readonly id: string;
  readonly #user: string;
  readonly #label: string;
  #serverSide: string | undefined;

  constructor({ sessionId, userId, label }: Endpoint) {
    this.id = sessionId ?? randomUUID();
    this.#user = userId ?? userName();
    this.#label = label;
  }

  get head(): RequestHead {
    const head = this.releaseHead;
    return this.#serverSide === undefined ? head : { ...head, clientObservedServerSideSessionId: this.#serverSide };
  }

  /** Of a session that is given up, whichever it is at the server. */
  get releaseHead(): Omit<RequestHead, "clientObservedServerSideSessionId"> {
    return {
      sessionId: this.id,
      userContext: { userId: this.#user, userName: this.#user },
      clientType: `outgrow node/${process.versions.node}`,
    };
  }

  /** A server that started again has a new session under the old name: without views, settings, caches and models. */
  observe(serverSide: string | undefined): void {
    if (!serverSide) return;
    if (this.#serverSide !== undefined && this.#serverSide !== serverSide) throw sessionChanged(this.#label);
    this.#serverSide = serverSide;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return "outgrow";
  }
}
