// Rows whose double is not certain here: they are listed for JavaScript to read.

/** How many rows the last call has listed; their values are still to be read, and are 0 until then. */
export let hardRows: i32 = 0;

export function forgetHard(): void {
  hardRows = 0;
}

export function noteHard(list: usize, row: i32): void {
  store<u32>(list + (hardRows++ << 2), row);
}
