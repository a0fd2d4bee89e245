// A large table grows in steps: what wanted it to grow gives up, and is called again when all steps are done.
import { Move } from "../moves";
import { Table } from "../records";
import { gatherSome, spreadSome } from "./places";
import { copySlots, settleSlots } from "./slots";

/** A step of what a table has begun. 1 while there is more to do, 0 when it is done, -1 when there is no memory or nothing was begun. */
export function growTable(handle: usize): i32 {
  const table = changetype<Table>(handle);
  switch (table.move) {
    case Move.Slots:
      return i32(copySlots(table));
    case Move.Hash:
      return i32(settleSlots(table));
    case Move.Spread:
      return spreadSome(table);
    case Move.Gather:
      return gatherSome(table);
    default:
      return -1;
  }
}
