// Levels and codes of a page: runs of one value, and groups of eight values of few bits each.

/** Where a reader of runs is; its address is the handle that TypeScript holds. */
@unmanaged
class Runs {
  /** The next run, or the bits of this one. */
  at: usize;
  end: usize;
  /** Bits of a value. */
  width: u32;
  /** Values that are left of the run. */
  left: u32;
  /** Bits of the group that were read; of a run of one value it is not used. */
  bit: u32;
  isPacked: bool;
  value: u32;
}


/** Begins to read values of so many bits; false for more than 32. */
export function startRuns(handle: usize, at: usize, end: usize, width: u32): bool {
  const runs = changetype<Runs>(handle);
  runs.at = at;
  runs.end = end;
  runs.width = width;
  runs.left = 0;
  return width <= 32;
}

/** The next values, of 4 bytes each; false where there are not so many. */
export function takeRuns(handle: usize, count: u32, out: usize): bool {
  const runs = changetype<Runs>(handle);
  const end = out + (<usize>count << 2);
  while (out < end) {
    if (runs.left == 0 && !nextRun(runs)) return false;
    const some = min(<u32>((end - out) >> 2), runs.left);
    if (runs.isPacked) unpack(runs, some, out);
    else for (let i: u32 = 0; i < some; i++) store<u32>(out + (i << 2), runs.value);
    runs.left -= some;
    out += <usize>some << 2;
  }
  return true;
}

/** The next levels of 0 and 1, a byte each; gives how many are 1, -1 where there are not so many or one is neither. */
export function takeLevels(handle: usize, count: u32, out: usize): i32 {
  const runs = changetype<Runs>(handle);
  const end = out + count;
  let ones: u32 = 0;
  while (out < end) {
    if (runs.left == 0 && !nextRun(runs)) return -1;
    const some = min(<u32>(end - out), runs.left);
    if (runs.isPacked) ones += unpackFlags(runs, some, out);
    else {
      if (runs.value > 1) return -1;
      memory.fill(out, <u8>runs.value, some);
      ones += some * runs.value;
    }
    runs.left -= some;
    out += some;
  }
  return <i32>ones;
}

function nextRun(runs: Runs): bool {
  let head: u64 = 0;
  for (let shift: u64 = 0; ; shift += 7) {
    if (runs.at >= runs.end || shift > 28) return false;
    const byte = <u64>load<u8>(runs.at++);
    head |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  runs.isPacked = (head & 1) == 1;
  const count = head >> 1;
  if (count == 0 || count > 0x7fffffff) return false;
  const room = <u64>(runs.end - runs.at);
  if (runs.isPacked) return startPacked(runs, count, room);
  const bytes = (runs.width + 7) >> 3;
  if (<u64>bytes > room) return false;
  runs.value = bytes == 0 ? 0 : load<u32>(runs.at) & (0xffffffff >> (32 - (bytes << 3)));
  runs.at += bytes;
  runs.left = <u32>count;
  return true;
}

/** The last group of a page may be cut off where its values are. */
function startPacked(runs: Runs, groups: u64, room: u64): bool {
  const said = groups << 3;
  const width = <u64>runs.width;
  runs.left = <u32>min<u64>(said, width == 0 ? 0x7fffffff : (room << 3) / width);
  runs.bit = 0;
  return runs.left > 0;
}

function unpack(runs: Runs, count: u32, out: usize): void {
  const at = runs.at;
  const width = <u64>runs.width;
  const mask: u64 = ((<u64>1) << width) - 1;
  let bit = <u64>runs.bit;
  for (let i: u32 = 0; i < count; i++, bit += width)
    store<u32>(out + (i << 2), <u32>((load<u64>(at + <usize>(bit >> 3)) >> (bit & 7)) & mask));
  leave(runs, bit, count);
}

function unpackFlags(runs: Runs, count: u32, out: usize): u32 {
  const at = runs.at;
  const width = <u64>runs.width;
  let bit = <u64>runs.bit;
  let ones: u32 = 0;
  for (let i: u32 = 0; i < count; i++, bit += width) {
    const flag = (<u32>load<u8>(at + <usize>(bit >> 3)) >> <u32>(bit & 7)) & 1;
    store<u8>(out + i, <u8>flag);
    ones += flag;
  }
  leave(runs, bit, count);
  return ones;
}

/** Goes on behind values; a run that ends does so at a whole byte. */
function leave(runs: Runs, bit: u64, count: u32): void {
  const isEnded = count == runs.left;
  const bytes = isEnded ? (bit + 7) >> 3 : bit >> 3;
  runs.at += <usize>bytes;
  runs.bit = isEnded ? 0 : <u32>(bit & 7);
}
