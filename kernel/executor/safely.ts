/** Reads from a value of the user's, which may be a proxy or have getters that throw. */
export function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** `instanceof`, which a proxy may answer with a throw. */
export function isA<T>(value: unknown, kind: abstract new (...values: never) => T): value is T {
  return safely(() => value instanceof kind, false);
}
