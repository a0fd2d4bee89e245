/** The part of jmp that is used: the codec of messages. Signatures are made and checked by us. */
export interface JmpMessage {
  readonly idents: readonly Buffer[];
  readonly header: unknown;
  readonly parent_header: unknown;
  readonly metadata: unknown;
  readonly content: unknown;
  readonly buffers: readonly Buffer[];
  _encode(scheme: string, key: string): (string | Buffer)[];
}

export interface JmpMessageConstructor {
  new (fields: {
    readonly idents: readonly Buffer[];
    readonly header: object;
    readonly parent_header: object;
    readonly metadata: object;
    readonly content: object;
    readonly buffers: readonly Buffer[];
  }): JmpMessage;
  _decode(frames: readonly Buffer[], scheme: string, key: string): JmpMessage | null;
}

export const Message: JmpMessageConstructor;
