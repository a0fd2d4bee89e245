import { UsageError } from "../../errors.ts";
import type { GroupAggregate, GroupFunction, GroupRequest } from "../request.ts";
import type { Kind, ScanColumn } from "../table.ts";
import { indexOfColumn } from "../values/chosen-columns.ts";
import { STATES, type StateName } from "./group-states.ts";

export interface PlannedState {
  readonly name: StateName;
  /** Index in the plan's columns; -1 for what is of no column. */
  readonly lane: number;
  /** Where it lies in a record. */
  readonly at: number;
}

export interface PlannedAggregate {
  readonly fn: GroupFunction;
  readonly name: string;
  /** Index in the plan's columns; -1 for `*`. */
  readonly lane: number;
}

/** What is read and how a group's record lies in memory: the key, the rows, then states. */
export interface GroupPlan {
  /** Indexes in the table's columns of what keys, aggregates and tests need. */
  readonly columns: readonly number[];
  /** Indexes in `columns`. */
  readonly keys: readonly number[];
  readonly aggregates: readonly PlannedAggregate[];
  readonly states: readonly PlannedState[];
  readonly recordBytes: number;
  /** Records lie in the dictionary of the only key: a text and its group are found in one step. */
  readonly isDictionary: boolean;
  readonly room: StateRoom;
}

/** What records have room for beyond the least: a table of groups starts anew when it needs more. */
export interface StateRoom {
  /** Indexes in the plan's columns whose integer sums are kept in 128 bits. */
  readonly wide: ReadonlySet<number>;
  /** Indexes in the plan's columns whose missing values are counted. */
  readonly nullable: ReadonlySet<number>;
  /** Indexes in the plan's columns of decimals in doubles, some of which are below 0. */
  readonly signed: ReadonlySet<number>;
}

const LEAST_ROOM: StateRoom = { wide: new Set(), nullable: new Set(), signed: new Set() };

const NUMERIC: ReadonlySet<Kind["kind"]> = new Set(["int", "decimal", "double", "bool"]);
const NEEDS_NUMBERS: ReadonlySet<GroupFunction> = new Set(["sum", "mean", "var", "std", "any", "all"]);

/**
 * Plans a request against a table's columns.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_BAD_AGGREGATE
 */
export function planGroups(
  columns: readonly ScanColumn[],
  request: GroupRequest,
  room: StateRoom = LEAST_ROOM,
): GroupPlan {
  const used: number[] = [];
  const laneOf = (name: string) => {
    const index = indexOfColumn(columns, name);
    if (!used.includes(index)) used.push(index);
    return used.indexOf(index);
  };
  const keys = request.keys.map(laneOf);
  const aggregates = request.aggregates.map(({ fn, column, name }) => {
    checkAggregate(columns, { fn, column, name });
    return { fn, name, lane: column === "*" ? -1 : laneOf(column) };
  });
  for (const { column } of request.where ?? []) laneOf(column);
  const typeOf = (lane: number) => (columns[used[lane] as number] as ScanColumn).type;
  const [key] = keys;
  // A dictionary has texts of rejected rows, too.
  const isFiltered = request.where !== undefined && request.where.length > 0;
  const isDictionary = !isFiltered && keys.length === 1 && typeOf(key as number).kind === "text";
  const states = layOut(aggregates, typeOf, room, isDictionary ? 16 : 8);
  const last = states.at(-1) as PlannedState;
  return {
    columns: used,
    keys,
    aggregates,
    states,
    recordBytes: last.at + 8 * STATES[last.name].words,
    isDictionary,
    room,
  };
}

/** Room for missing values of one column more. */
export function withNullable(room: StateRoom, lane: number): StateRoom {
  return { ...room, nullable: new Set([...room.nullable, lane]) };
}

/** Room for a wide sum of one column more. */
export function withWide(room: StateRoom, lane: number): StateRoom {
  return { ...room, wide: new Set([...room.wide, lane]) };
}

/** Room for the sizes of values of one column more. */
export function withSigned(room: StateRoom, lane: number): StateRoom {
  return { ...room, signed: new Set([...room.signed, lane]) };
}

/** Where a state of a column lies in a record, undefined when it is not kept. */
export function stateOf(plan: GroupPlan, name: StateName, lane: number): PlannedState | undefined {
  return plan.states.find((state) => state.name === name && state.lane === lane);
}

function checkAggregate(columns: readonly ScanColumn[], { fn, column }: GroupAggregate): void {
  if (column === "*") {
    if (fn === "count") return;
    throw new UsageError("E_BAD_AGGREGATE", `"*" stands for whole rows, which can only be counted`, {
      hint: `name a column for ${fn}`,
    });
  }
  const { type } = columns[indexOfColumn(columns, column)] as ScanColumn;
  if (!NEEDS_NUMBERS.has(fn) || NUMERIC.has(type.kind)) return;
  throw new UsageError("E_WRONG_TYPE", `${fn} needs numbers, and "${column}" is ${type.kind}`, {
    hint: `${type.kind} has count, nunique, min, max, first and last`,
  });
}

/** States in the order of the aggregates, each once, behind the key and the rows. */
function layOut(
  aggregates: readonly PlannedAggregate[],
  typeOf: (lane: number) => Kind,
  room: StateRoom,
  keyBytes: number,
): PlannedState[] {
  const states: PlannedState[] = [{ name: "rows", lane: -1, at: keyBytes }];
  let at = keyBytes + 8;
  const keep = (name: StateName, lane: number) => {
    if (states.some((state) => state.name === name && state.lane === lane)) return;
    states.push({ name, lane, at });
    at += 8 * STATES[name].words;
  };
  if (aggregates.some(({ fn }) => fn === "nunique")) keep("number", -1);
  for (const { fn, lane } of aggregates) {
    if (lane < 0) continue;
    const needed = statesFor(fn, typeOf(lane), lane, room);
    for (const name of needed) keep(name, lane);
  }
  return states;
}

function statesFor(fn: GroupFunction, { kind }: Kind, lane: number, room: StateRoom): readonly StateName[] {
  const nulls = room.nullable.has(lane) ? "nulls" : "full";
  const ofDoubles = room.signed.has(lane) ? "sized" : "double";
  const sum = kind === "double" ? ofDoubles : room.wide.has(lane) ? "wide" : "sum";
  switch (fn) {
    case "count":
      return [nulls];
    case "sum":
    case "mean":
      return [nulls, sum];
    case "min":
    case "max":
      return [nulls, fn];
    case "var":
    case "std":
      return kind === "double" ? ["moments"] : [nulls, sum, "squares"];
    case "first":
    case "last":
      return [fn];
    case "any":
    case "all":
      return [nulls, "trues"];
    case "nunique":
      return ["distinct"];
  }
}
