import type { SourceFile } from "typescript/unstable/ast";
import type { Candidate } from "./complete.ts";
import { entryWord, symbolWord } from "./kinds.ts";
import type { PlacedCell } from "./notebook-text.ts";
import { GLOBALS_QUESTION } from "./project.ts";
import type { TypeServer } from "./server.ts";
import { type Ast, statementsFrom } from "./syntax.ts";

/** Names that may start an expression at this place: of the cell, of the session, of the world, and keywords. */
export async function namesInScope(
  server: TypeServer,
  placed: PlacedCell,
  position: number,
  prefix: string,
): Promise<readonly Candidate[]> {
  const lower = prefix.toLowerCase();
  const fits = (text: string) => text.toLowerCase().startsWith(lower);
  const session = [...placed.standing.values(), ...placed.declares].filter(({ name }) => fits(name));
  const keywords = KEYWORDS.filter((text) => prefix !== "" && fits(text));
  return [
    ...(await localNames(server, placed, position, fits)),
    ...session.map(({ name, word }) => ({ text: name, type: word, rank: "1" })),
    ...(await globalNames(server)).filter(({ text }) => fits(text)),
    ...keywords.map((text) => ({ text, type: "keyword", rank: "3" })),
  ];
}

/** Parameters and variables around the cursor: whatever the cell declares below its top level and the checker finds from here. */
async function localNames(
  server: TypeServer,
  { ast, file, boundary }: PlacedCell,
  position: number,
  fits: (name: string) => boolean,
): Promise<readonly Candidate[]> {
  const { SymbolFlags } = await import("typescript/unstable/async");
  const meaning = SymbolFlags.Value | SymbolFlags.Type;
  const names = [...declaredBelow(ast, file, boundary)].filter(fits).slice(0, MOST_LOCALS);
  const document = server.files.notebook;
  const found = await Promise.all(
    names.map(async (text) => {
      const symbol = await server.checker.resolveName(text, meaning, { document, position }, true);
      return symbol === undefined ? [] : [{ text, type: symbolWord(SymbolFlags, symbol), rank: "0" }];
    }),
  );
  return found.flat();
}

const MOST_LOCALS = 200;

function declaredBelow(ast: Ast, file: SourceFile, boundary: number): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Parameters<typeof ast.isIdentifier>[0]): void => {
    const named = ast.isVariableDeclaration(node) || ast.isBindingElement(node) || ast.isParameterDeclaration(node);
    const titled =
      ast.isFunctionDeclaration(node) || ast.isClassDeclaration(node) || ast.isTypeParameterDeclaration(node);
    if ((named || titled) && node.name !== undefined && ast.isIdentifier(node.name)) names.add(node.name.text);
    node.forEachChild(visit);
  };
  for (const statement of statementsFrom(file, boundary)) statement.forEachChild(visit);
  return names;
}

const globalsOf = new WeakMap<TypeServer, Promise<readonly Candidate[]>>();

/** Asked once: they do not change while a notebook is open. */
async function globalNames(server: TypeServer): Promise<readonly Candidate[]> {
  const known = globalsOf.get(server) ?? askGlobals(server);
  globalsOf.set(server, known);
  try {
    return await known;
  } catch (error) {
    globalsOf.delete(server);
    throw error;
  }
}

async function askGlobals(server: TypeServer): Promise<readonly Candidate[]> {
  const info = await server.checker.getCompletionsAtPosition(server.files.globals, GLOBALS_QUESTION.length);
  return (info?.entries ?? [])
    .filter(({ name }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    .map(({ name, kind }) => ({ text: name, type: entryWord(kind), rank: "2" }));
}

const KEYWORDS: readonly string[] =
  "abstract any as async await bigint boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function if implements import in infer instanceof interface is keyof let namespace never new null number object of override private protected public readonly return satisfies static string super switch symbol this throw true try type typeof undefined unique unknown using var void while yield".split(
    " ",
  );
