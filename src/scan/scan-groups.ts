import { isAscii } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import type { EngineColumn } from "../query/engine-table.ts";
import { planGroups } from "./groups/group-plan.ts";
import type { GroupingResult } from "./groups/grouping.ts";
import type { Texts } from "./groups/texts-of.ts";
import type { ResultColumn } from "./groups/value-column.ts";
import { partOf } from "./part-of.ts";
import type { GroupRequest, GroupResult } from "./request.ts";
import type { ScanTable } from "./table.ts";
import { runScan, type ScanOptions } from "./threads/run-scan.ts";

/** Texts that are decoded together. */
const TEXTS_AT_ONCE = 20_000;

/**
 * Groups a table's rows by the values of its keys and computes aggregates of each group, in threads. Sums of integers and
 * decimals are exact.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_BAD_AGGREGATE
 * @throws {DataError} for what the content does not allow
 * @throws {Interrupted}
 * @throws {ScanRefused} when another engine must do it
 * @example
 * await scanGroups(table, { keys: ["user_id"], aggregates: [{ fn: "sum", column: "amount", name: "amount_sum" }] });
 */
export async function scanGroups(
  table: ScanTable,
  request: GroupRequest,
  options: ScanOptions = {},
): Promise<GroupResult> {
  const check = (asked: ScanTable) => {
    options.check?.(asked);
    planGroups(asked.columns, request);
  };
  const { keys, aggregates, where = [] } = request;
  const part = partOf(table, [...keys, ...[...aggregates, ...where].map(({ column }) => column)]);
  const { value, rows, bytes, notes } = await runScan(part, { kind: "groups", request }, { ...options, check });
  const { columns, groups, matched } = value as GroupingResult;
  const withTexts: EngineColumn[] = [];
  for (const column of columns) withTexts.push(await withStrings(column));
  return { columns: withTexts, groups, rows, matched, bytes, notes };
}

/** The strings of texts, of which there may be as many as groups, are made some at a time, so that the event loop is never held. */
async function withStrings({ texts, ...column }: ResultColumn): Promise<EngineColumn> {
  return texts ? { ...column, dictionary: await stringsOf(texts) } : column;
}

async function stringsOf({ offsets, bytes }: Texts): Promise<string[]> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings = new Array<string>(offsets.length - 1);
  for (let first = 0; first < strings.length; first += TEXTS_AT_ONCE) {
    const end = Math.min(first + TEXTS_AT_ONCE, strings.length);
    const base = offsets[first] as number;
    const some = all.subarray(base, offsets[end]);
    // Parts of one decoded string cost less than to decode each, and in ASCII a byte is a letter.
    const text = isAscii(some) ? some.toString("latin1") : undefined;
    for (let i = first; i < end; i++) {
      const [from, to] = [offsets[i] as number, offsets[i + 1] as number];
      strings[i] = text === undefined ? all.toString("utf8", from, to) : text.slice(from - base, to - base);
    }
    await setImmediate();
  }
  return strings;
}
