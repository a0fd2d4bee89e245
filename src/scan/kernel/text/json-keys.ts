// The keys of JSON Lines that are columns: which column a key is, found by guess where keys come in the usual order, else by hash.
import { alloc, free } from "../memory";

/** Bytes of a key's entry: the address of its bytes, their number, whether they stand so in any text, without escapes, and the kind. */
const ENTRY: usize = 16;

/** The entries of the keys; then twice as many slots or more, each a key's number + 1 or 0. */
let table: usize = 0;
let slots: usize = 0;
let mask: u32 = 0;
export let keyCount: i32 = 0;
let words: usize = 0;

/**
 * Takes `count` keys, each as u32 kind that its values should have (0 any), u32 length and bytes, one after the other; 0, or -1 when
 * there is no memory for them.
 */
export function setJsonKeys(list: usize, count: i32): i32 {
  free(words);
  free(table);
  words = 0;
  table = 0;
  keyCount = 0;
  let end = list;
  for (let i = 0; i < count; i++) end += 8 + <usize>load<u32>(end, 4);
  const slotCount: u32 = 2 << (31 - clz<u32>(<u32>max(1, count)) + 1);
  words = alloc(<u32>(end - list));
  table = alloc(<u32>count * <u32>ENTRY + slotCount * 4);
  if (!words || !table) return -1;
  memory.copy(words, list, end - list);
  slots = table + <usize>count * ENTRY;
  mask = slotCount - 1;
  memory.fill(slots, 0, <usize>slotCount * 4);
  let word = words;
  for (let i = 0; i < count; i++) {
    const kind = load<u32>(word);
    word += 4;
    const length = load<u32>(word);
    const entry = table + <usize>i * ENTRY;
    store<u32>(entry, <u32>(word + 4));
    store<u32>(entry, length, 4);
    store<u32>(entry, u32(isPlain(word + 4, length)), 8);
    store<u32>(entry, kind, 12);
    let slot = hashOf(word + 4, length) & mask;
    while (load<u32>(slots + (<usize>slot << 2))) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), i + 1);
    word += 4 + <usize>length;
  }
  keyCount = count;
  return 0;
}

/** Length of the key of a column if it and a quote are what stands at an address; -1 otherwise, or when it must be looked at closer. */
@inline
export function likelyKey(column: i32, key: usize): i32 {
  if (column >= keyCount) return -1;
  const entry = table + <usize>column * ENTRY;
  const length = load<u32>(entry, 4);
  if (load<u8>(key + length) != 34 || !load<u32>(entry, 8)) return -1;
  return isKey(column, key, length) ? <i32>length : -1;
}

/** What the values of a column should be, 0 for any. */
@inline
export function wantedKind(column: i32): u8 {
  return load<u8>(table + <usize>column * ENTRY, 12);
}

/** The column of the key at an address; -1 when it is none. */
export function columnOf(key: usize, length: u32): i32 {
  let slot = hashOf(key, length) & mask;
  while (true) {
    const found = <i32>load<u32>(slots + (<usize>slot << 2)) - 1;
    if (found < 0 || isKey(found, key, length)) return found;
    slot = (slot + 1) & mask;
  }
}

/** Whether a key is written as it is, without escapes. */
function isPlain(key: usize, length: u32): bool {
  for (let i: usize = 0; i < <usize>length; i++) {
    const byte = load<u8>(key + i);
    if (byte < 32 || byte == 34 || byte == 92) return false;
  }
  return true;
}

function isKey(index: i32, key: usize, length: u32): bool {
  const entry = table + <usize>index * ENTRY;
  if (load<u32>(entry, 4) != length) return false;
  const known = <usize>load<u32>(entry);
  let i: usize = 0;
  for (; i + 8 <= <usize>length; i += 8) if (load<u64>(known + i) != load<u64>(key + i)) return false;
  if (i == <usize>length) return true;
  // The bytes past the end differ as they like: they are shifted out.
  return (load<u64>(known + i) ^ load<u64>(key + i)) << ((8 - (<u64>length & 7)) << 3) == 0;
}

function hashOf(key: usize, length: u32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let i: usize = 0; i < <usize>length; i++) hash = (hash ^ load<u8>(key + i)) * 0x01000193;
  return hash ^ (hash >> 15);
}
