import { blankRange, hashbangAsComment } from "./blank.ts";
import { type InsertedText, type Insertion, insertInto } from "./insertions.ts";
import { findMagic, type MagicCall, type MagicTable } from "./magic-call.ts";
import type { SplitCell } from "./split.ts";
import { child, parse } from "./tree.ts";

/** One piece of a cell as TypeScript, its magics as calls of the host. */
export interface UnitText extends InsertedText {
  /** A "function" piece is one parenthesised async function, whose body is the piece. */
  readonly kind: "session" | "function";
}

interface CellTexts {
  readonly main: UnitText;
  /** By the index of the magic whose body it is. */
  readonly bodies: ReadonlyMap<number, UnitText>;
}

/** The pieces of a cell that are compiled each for itself: what runs, and the bodies that magics run. */
export function cellTexts(
  split: SplitCell,
  table: MagicTable,
  parametersOf: (call: MagicCall) => readonly string[] = () => [],
): CellTexts {
  const bodies = new Map<number, UnitText>();
  split.magics.forEach((call, index) => {
    const body = bodyText(split, call, index, table, parametersOf);
    if (body) bodies.set(index, body);
  });
  return { main: mainText(split), bodies };
}

/** An unknown magic fails when it is reached, so nothing below it is compiled: its own fault is the one to tell. */
function mainText(split: SplitCell): UnitText {
  const { source, magics, stack, bodyStart } = split;
  const unknown = magics.find(({ known }) => !known);
  const stop = unknown ? unknown.start + unknown.line.length : source.length;
  const end = Math.min(stack.length > 0 ? bodyStart : source.length, stop);
  const calls = magics.flatMap((call, index) => (call.start < end ? [index] : []));
  return withCalls(split, 0, end, calls);
}

function bodyText(
  split: SplitCell,
  call: MagicCall,
  index: number,
  table: MagicTable,
  parametersOf: (call: MagicCall) => readonly string[],
): UnitText | undefined {
  const { source, magics, stack, bodyStart } = split;
  const shape = findMagic(table, call.sign, call.name);
  if (!call.known || !shape) return undefined;
  if (call.sign === "%" && shape.raw && shape.body === "session") {
    if (/^(?:-h|--help)$/.test(call.rest)) return undefined;
    const end = call.start + call.line.trimEnd().length;
    return withCalls(split, end - call.rest.length, end, []);
  }
  if (call.sign !== "%%" || stack.at(-1) !== index) return undefined;
  const inner = magics.flatMap(({ start }, at) => (start >= bodyStart ? [at] : []));
  if (shape.body === "session") return withCalls(split, bodyStart, source.length, inner);
  if (shape.body !== "function" || source.slice(bodyStart).trim() === "") return undefined;
  const head = { at: bodyStart, text: `(async (${parametersOf(call).join(", ")}) => {` };
  const tail = { at: source.length, text: "\n})" };
  return withCalls(split, bodyStart, source.length, inner, { head, tail });
}

/** The cell with everything outside `start` to `end` blank, and with the magics of `calls` as calls in their lines. */
function withCalls(
  split: SplitCell,
  start: number,
  end: number,
  calls: readonly number[],
  around?: { readonly head: Insertion; readonly tail: Insertion },
): UnitText {
  const source = hashbangAsComment(split.source);
  let base = blankRange(blankRange(source, end, source.length), 0, start);
  const insertions: Insertion[] = [];
  for (const index of calls) {
    const call = split.magics[index] as MagicCall;
    base = blankRange(base, call.start, call.start + call.line.length);
    for (const { code, start: from } of call.expressions)
      base = base.slice(0, from) + code + base.slice(from + code.length);
    insertions.push(...callInsertions(split, call, index));
  }
  if (around) return { ...insertInto(base, [around.head, ...insertions, around.tail]), kind: "function" };
  return { ...insertInto(base, [...insertions, ...objectParentheses(base, calls)]), kind: "session" };
}

/** `;void await $host.magic([[3,[async()=>(x\n)]]]);` with the expressions in the places where they were typed. */
function callInsertions({ stack }: SplitCell, { start, line, expressions }: MagicCall, index: number): Insertion[] {
  const isOuter = stack.includes(index) && stack.at(-1) !== index;
  const before = isOuter ? ";$links.push([" : `;void await $host.magic([${stack.at(-1) === index ? "...$links," : ""}[`;
  const after = isOuter ? "]]);" : "]]]);";
  return [
    { at: start, text: `${before}${index},[` },
    ...expressions.flatMap(({ code, start: from }) => [
      { at: from, text: "async()=>(" },
      { at: from + code.length, text: "\n)," },
    ]),
    {
      at: Math.max(start + line.length, ...expressions.map(({ code, start: from }) => from + code.length)),
      text: after,
    },
  ];
}

const TRIVIA = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/;

/** `{ a: 1 }` as the whole code is an object, not a block, when it parses as one. */
function objectParentheses(code: string, calls: readonly number[]): Insertion[] {
  const start = TRIVIA.exec(code)?.[0].length ?? 0;
  if (calls.length > 0 || code[start] !== "{") return [];
  const insertions = [
    { at: start, text: "(" },
    { at: code.length, text: "\n)" },
  ];
  const { body } = parse(insertInto(code, insertions).code);
  const expression = body.length === 1 && body[0] ? child(body[0], "expression") : undefined;
  const inner = expression?.type === "ParenthesizedExpression" ? child(expression, "expression") : undefined;
  return inner?.type === "ObjectExpression" ? insertions : [];
}
