/** The elements below the root of a Parquet file's schema, whose tree is written depth first, each with the index of its first leaf. */
export function* topElements<T extends { readonly children: number }>(
  elements: readonly T[],
): Generator<{ readonly element: T; readonly leaf: number }, void, undefined> {
  let leaf = 0;
  for (let at = 1; at < elements.length; ) {
    yield { element: elements[at] as T, leaf };
    for (let open = 1; open > 0 && at < elements.length; at++) {
      const { children } = elements[at] as T;
      if (children === 0) leaf++;
      open += children - 1;
    }
  }
}
