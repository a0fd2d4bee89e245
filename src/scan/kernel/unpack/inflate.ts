// Unpacks Deflate (RFC 1951) from one stretch of memory into another, and goes on where it stopped. What was unpacked lies in front of what is,
// so that no window is copied.
import { ahead, bits, clearBits, filled, giveBack, input, inputAt, inputEnd, setBits, skipInput } from "./bits";
import { isLastBlock, readHead, STORED_BLOCK, storedBytes } from "./block-heads";
import { DISTANCE_BITS, distances, IS_END, IS_LINK, IS_LITERAL, IS_ODD, LITERAL_BITS, literals } from "./prefix-codes";

/** Why it stopped. */
const WANTS_INPUT: i32 = 0;
const WANTS_ROOM: i32 = 1;
const IS_DONE: i32 = 2;
const IS_FAULT: i32 = 3;
const BLOCK_ENDED: i32 = 4;

/** What comes next: the head of a block, symbols, or bytes as they are. */
const HEAD: i32 = 0;
const SYMBOLS: i32 = 1;
const STORED: i32 = 2;

let output: usize = 0;
let earliest: usize = 0;
let state: i32 = HEAD;
/** Bytes of a block that are to be copied yet. */
let stored: u32 = 0;

/** A new text begins. */
export function begin(): void {
  clearBits();
  state = HEAD;
}

/** Where the next byte goes, and the first byte of the same text that is still there. */
export function setOutput(at: usize, first: usize): void {
  output = at;
  earliest = first;
}

export function outputAt(): usize {
  return output;
}

/**
 * Unpacks until something is wanted, the text ends or has a fault. Nothing begins at or behind the two stops: behind `inputStop` come 1,024 bytes of
 * input, or zeros where that has ended, and behind `outputStop` there is room for 512.
 */
export function inflate(inputStop: usize, outputStop: usize): i32 {
  for (;;) {
    let how = BLOCK_ENDED;
    if (state == HEAD) {
      if (inputAt() >= inputStop) return WANTS_INPUT;
      const kind = readHead();
      if (kind < 0) return IS_FAULT;
      state = kind == STORED_BLOCK ? STORED : SYMBOLS;
      if (state == STORED) stored = storedBytes();
    }
    if (state == SYMBOLS) how = readSymbols(inputStop, outputStop);
    else how = copyStored(outputStop);
    if (how != BLOCK_ENDED) return how;
    state = HEAD;
    if (!isLastBlock()) continue;
    giveBack();
    return IS_DONE;
  }
  return IS_FAULT;
}

function copyStored(outputStop: usize): i32 {
  while (stored > 0) {
    if (output >= outputStop) return WANTS_ROOM;
    if (input >= inputEnd) return WANTS_INPUT;
    const count = min(stored, <u32>min(inputEnd - input, outputStop - output));
    memory.copy(output, input, count);
    output += count;
    skipInput(count);
    stored -= count;
  }
  return BLOCK_ENDED;
}

/** Where nearly all of the time goes: what is used at each symbol is local. */
function readSymbols(inputStop: usize, outputStop: usize): i32 {
  let at = input;
  let to = output;
  let word = ahead;
  let have = bits;
  let how = BLOCK_ENDED;
  const first = earliest;
  for (;;) {
    // The last symbols of a text may lie in the bits that were read ahead, which zeros follow.
    if (at >= inputStop && at - <usize>(have >> 3) >= inputStop) {
      how = WANTS_INPUT;
      break;
    }
    if (to >= outputStop) {
      how = WANTS_ROOM;
      break;
    }
    word = filled(word, have, at);
    at += <usize>((63 - have) >> 3);
    have |= 56;
    let entry = load<u32>(literals + (<u32>(word & ((1 << LITERAL_BITS) - 1)) << 2));
    // Literals stand together: of the bits that are there three are taken, and then a length.
    if (entry & IS_LITERAL) {
      word >>= entry & 0xff;
      have -= entry & 0xff;
      store<u8>(to++, <u8>(entry >> 16));
      entry = load<u32>(literals + (<u32>(word & ((1 << LITERAL_BITS) - 1)) << 2));
      if (entry & IS_LITERAL) {
        word >>= entry & 0xff;
        have -= entry & 0xff;
        store<u8>(to++, <u8>(entry >> 16));
        entry = load<u32>(literals + (<u32>(word & ((1 << LITERAL_BITS) - 1)) << 2));
        if (entry & IS_LITERAL) {
          word >>= entry & 0xff;
          have -= entry & 0xff;
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
      }
      word = filled(word, have, at);
      at += <usize>((63 - have) >> 3);
      have |= 56;
    }
    if (entry & IS_ODD) {
      if (entry & IS_LINK) {
        word >>= LITERAL_BITS;
        have -= LITERAL_BITS;
        entry = behind(literals, entry, word);
        if (entry & IS_LITERAL) {
          word >>= entry & 0xff;
          have -= entry & 0xff;
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
      }
      if (entry & IS_ODD) {
        word >>= entry & 0xff;
        have -= entry & 0xff;
        if (!(entry & IS_END)) how = IS_FAULT;
        break;
      }
    }
    const length = valueOf(entry, word);
    word >>= entry & 0xff;
    have -= entry & 0xff;
    entry = load<u32>(distances + (<u32>(word & ((1 << DISTANCE_BITS) - 1)) << 2));
    if (entry & IS_ODD) {
      if (entry & IS_LINK) {
        word >>= DISTANCE_BITS;
        have -= DISTANCE_BITS;
        entry = behind(distances, entry, word);
      }
      if (entry & IS_ODD) {
        how = IS_FAULT;
        break;
      }
    }
    const distance = valueOf(entry, word);
    word >>= entry & 0xff;
    have -= entry & 0xff;
    if (<usize>distance > to - first) {
      how = IS_FAULT;
      break;
    }
    copyBack(to, distance, length);
    to += length;
  }
  setBits(at, word, have);
  output = to;
  return how;
}

@inline
function behind(table: usize, link: u32, word: u64): u32 {
  const place = <u32>(word & (((<u64>1) << ((link >> 8) & 31)) - 1));
  return load<u32>(table + ((((link >> 16) & 0x7fff) + place) << 2));
}

/** The base of an entry, and what its last bits add. */
@inline
function valueOf(entry: u32, word: u64): u32 {
  return (entry >> 16) + (<u32>(word & (((<u64>1) << (entry & 0xff)) - 1)) >> ((entry >> 8) & 31));
}

/** Writes again what stands `distance` bytes before; up to 16 bytes behind it are written over. */
@inline
function copyBack(to: usize, distance: u32, length: u32): void {
  const end = to + length;
  let from = to - distance;
  if (distance >= 16) {
    do {
      store<u64>(to, load<u64>(from));
      store<u64>(to, load<u64>(from, 8), 8);
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else if (distance == 1) {
    const all = <u64>load<u8>(from) * 0x0101010101010101;
    do {
      store<u64>(to, all);
      to += 8;
    } while (to < end);
  } else {
    do {
      store<u8>(to++, load<u8>(from++));
    } while (to < end);
  }
}
