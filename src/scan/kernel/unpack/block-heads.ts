// What stands before the data of a block: of which kind it is, and the codes that it is written in.
import { ahead, bits, fill, giveBack, input, skipInput, take } from "./bits";
import { LENGTH_BITS, lengthCodes, lengths, setDistances, setLengthCodes, setLiterals } from "./prefix-codes";

export const STORED_BLOCK: i32 = 0;
const FIXED_BLOCK: i32 = 1;
const OWN_BLOCK: i32 = 2;

/** In this order the lengths of codes for lengths are written. */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

let isLast: bool = false;
let stored: u32 = 0;

/** Reads the head of a block, and gives the block's kind; below zero where there is a fault in it. */
export function readHead(): i32 {
  fill();
  isLast = take(1) != 0;
  const kind = <i32>take(2);
  let isSound = false;
  if (kind == STORED_BLOCK) isSound = readStored();
  else if (kind == FIXED_BLOCK) isSound = setFixedCodes();
  else if (kind == OWN_BLOCK) isSound = readCodes();
  return isSound ? kind : -1;
}

/** No block follows that whose head was read. */
export function isLastBlock(): bool {
  return isLast;
}

/** Bytes of the stored block whose head was read. */
export function storedBytes(): u32 {
  return stored;
}

function readStored(): bool {
  giveBack();
  stored = load<u16>(input);
  const isSound = (stored ^ load<u16>(input + 2)) == 0xffff;
  skipInput(4);
  return isSound;
}

function setFixedCodes(): bool {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  if (!setLiterals(lengths, 288)) return false;
  memory.fill(lengths, 5, 32);
  return setDistances(lengths, 32);
}

/** The codes of a block, whose lengths are written in codes of their own. */
function readCodes(): bool {
  const literalCount = take(5) + 257;
  const distanceCount = take(5) + 1;
  const lengthCount = take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  memory.fill(lengths, 0, 19);
  for (let i: u32 = 0; i < lengthCount; i++) {
    if (bits < 3) fill();
    store<u8>(lengths + load<u8>(ORDER + i), <u8>take(3));
  }
  if (!setLengthCodes(lengths) || !readLengths(literalCount + distanceCount)) return false;
  if (load<u8>(lengths + 256) == 0) return false;
  return setLiterals(lengths, literalCount) && setDistances(lengths + literalCount, distanceCount);
}

function readLengths(count: u32): bool {
  for (let i: u32 = 0; i < count; ) {
    fill();
    const entry = load<u32>(lengthCodes + (<u32>(ahead & ((1 << LENGTH_BITS) - 1)) << 2));
    take(entry & 0xff);
    const symbol = (entry >> 16) & 0xff;
    if (symbol < 16) {
      store<u8>(lengths + i++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const value: u8 = symbol == 16 ? load<u8>(lengths + i - 1) : 0;
    const times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (i + times > count) return false;
    memory.fill(lengths + i, value, times);
    i += times;
  }
  return true;
}
