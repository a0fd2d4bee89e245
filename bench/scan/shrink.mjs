/** Longer rows are not cut letter by letter. */
const MOST_LETTERS = 2000;

/** A smaller case that still fails: fewer rows first, then a smaller question. */
export async function shrink(one, fails) {
  const records = await fewer(one.records, (rest) => fails({ ...one, records: rest }));
  let small = { ...one, records };
  for (const part of ["where", "aggregates", "keys"]) {
    const given = small.request[part] ?? [];
    const kept = await fewer(given, (rest) => fails({ ...small, request: { ...small.request, [part]: rest } }));
    small = { ...small, request: { ...small.request, [part]: kept } };
  }
  for (const [i, record] of small.records.entries()) {
    if (record.length > MOST_LETTERS) continue;
    const letters = await fewer([...record], (rest) =>
      fails({ ...small, records: small.records.map((old, j) => (j === i ? rest.join("") : old)) }),
    );
    small = { ...small, records: small.records.map((old, j) => (j === i ? letters.join("") : old)) };
  }
  return small;
}

/** The list without all that the failure does not need, halves first. */
async function fewer(list, fails) {
  let kept = list;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(rest)) kept = rest;
      else at += size;
    }
  }
  return kept;
}
