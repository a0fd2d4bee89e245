// Entries of counts: values and how often each comes (u64 both), one behind the other.

/** How often all of them come. */
export function sumCounts(counts: usize, size: u32): f64 {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < size; i++) sum += load<u64>(counts + (i << 3));
  return <f64>sum;
}

/** Moves the entries that come `least` times or more to the front, in their order. Gives how many these are. */
export function keepFrequent(values: usize, counts: usize, size: u32, least: f64): u32 {
  const fewest = <u64>least;
  let to: usize = 0;
  for (let i: u32 = 0; i < size; i++) {
    const count = load<u64>(counts + (i << 3));
    store<u64>(values + to, load<u64>(values + (i << 3)));
    store<u64>(counts + to, count);
    to += <usize>(count >= fewest) << 3;
  }
  return <u32>(to >> 3);
}
