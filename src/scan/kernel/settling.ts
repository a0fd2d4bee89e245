// The step that both kinds of tables have in common when they grow.
import { Move, RECORDS_AT_ONCE, SLOTS_AT_ONCE } from "./moves";
import { Table } from "./records";

/** Records that get their slots together. */
export const SETTLED: u32 = 256;

/** A step: some slots are cleared, or, when all are, `settle` gives them to records, SETTLED at a time. False when it was the last one. */
export function settleSome(table: Table, settle: (table: Table, from: u32, to: u32) => void): bool {
  const count = table.slotCount;
  const at = table.moved;
  if (at < count) {
    table.moved = min(at + SLOTS_AT_ONCE, count);
    memory.fill(table.slots + (<usize>at << 2), 0, (table.moved - at) << 2);
    return true;
  }
  const first = at - count + 1;
  const end = min(first + RECORDS_AT_ONCE, table.size);
  for (let number = first; number < end; number += SETTLED) settle(table, number, min(number + SETTLED, end));
  table.moved = at + RECORDS_AT_ONCE;
  if (end < table.size) return true;
  table.move = Move.None;
  return false;
}
