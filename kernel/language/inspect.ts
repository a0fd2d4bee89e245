import type { Checker, Project, Symbol as TypeSymbol } from "typescript/unstable/async";
import { MIME } from "../../src/render/bundle.ts";
import type { MimeBundle } from "../link/messages.ts";
import { offsetAfter } from "./edits.ts";
import { symbolWord } from "./kinds.ts";
import type { NotebookText } from "./notebook-text.ts";
import type { PresentedCell } from "./present.ts";
import { withoutRenames } from "./renames.ts";
import type { TypeServer } from "./server.ts";
import { loadAst } from "./syntax.ts";

/** Type and documentation of the name at the cursor, or of the function whose arguments the cursor is in. */
export async function inspectAt(
  server: TypeServer,
  notebook: NotebookText,
  cell: PresentedCell,
  cursor: number,
  detail: 0 | 1,
): Promise<MimeBundle | undefined> {
  const name = nameAt(cell.source, cursor);
  if (name === undefined) return undefined;
  const placed = await notebook.place(cell);
  const position = placed.boundary + offsetAfter(placed.edits, offsetAfter(cell.edits, name.start));
  const symbol = await symbolAt(server, position, name.text);
  if (symbol === undefined) return undefined;
  const card = await describeSymbol(server.project, symbol, detail);
  return { [MIME.text]: plainCard(card), [MIME.markdown]: markdownCard(card) };
}

interface Card {
  readonly signatures: readonly string[];
  readonly documentation: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

/** A type's name alone in a cell is no expression, so the checker has nothing there, but the scope has. */
async function symbolAt(server: TypeServer, position: number, text: string): Promise<TypeSymbol | undefined> {
  const { checker, files } = server;
  const found = await checker.getSymbolAtPosition(files.notebook, position);
  if (found !== undefined && !isNoName(found, files.notebook)) return found;
  const { SymbolFlags } = await import("typescript/unstable/async");
  const meaning = SymbolFlags.Type | SymbolFlags.Namespace | SymbolFlags.Value;
  return checker.resolveName(text, meaning, { document: files.notebook, position });
}

/** In a comment there is the file as a whole, and at a keyword what it lacks. */
function isNoName({ name }: TypeSymbol, notebook: string): boolean {
  return name === "__missing" || name === JSON.stringify(notebook.replace(/\.[cm]?tsx?$/, ""));
}

async function describeSymbol(project: Project, found: TypeSymbol, detail: 0 | 1): Promise<Card> {
  const { checker } = project;
  const { SymbolFlags } = await import("typescript/unstable/async");
  const isAlias = (found.flags & SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? await checker.getAliasedSymbol(found) : found;
  const word = symbolWord(SymbolFlags, symbol);
  const lines: string[] = [];
  if ((symbol.flags & SymbolFlags.Value) !== 0) lines.push(...(await valueLines(project, symbol, word, found.name)));
  if ((symbol.flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) !== 0)
    lines.push(await typeLine(checker, symbol, word));
  if (lines.length === 0) lines.push(`${word} ${symbol.name}`);
  const documentation = (await checker.getDocumentationCommentOfSymbol(symbol)).trim();
  const tags = detail === 1 ? await checker.getJsDocTagsOfSymbol(symbol) : [];
  return {
    signatures: lines.map(withoutRenames),
    documentation,
    tags: tags.map(({ name, text = "" }) => ({ name, text: text.trim() })),
  };
}

/** `variable x: number`, or one line for each way to call it. */
async function valueLines(
  { checker, emitter }: Project,
  symbol: TypeSymbol,
  word: string,
  name: string,
): Promise<readonly string[]> {
  const [{ SignatureKind }, { SyntaxKind }] = await Promise.all([import("typescript/unstable/async"), loadAst()]);
  const type = await checker.getTypeOfSymbol(symbol);
  if (type === undefined) return [];
  const isMade = word === "class" || word === "module" || word === "enum";
  if (!isMade && word !== "function" && word !== "method")
    return [`${word} ${name}: ${await checker.typeToString(type)}`];
  const ways = await checker.getSignaturesOfType(type, isMade ? SignatureKind.Construct : SignatureKind.Call);
  const lines = await Promise.all(
    ways.slice(0, MOST_SIGNATURES).map(async (way) => {
      const node = await checker.signatureToSignatureDeclaration(way, SyntaxKind.MethodSignature);
      const printed = node === undefined ? "()" : (await emitter.printNode(node)).replace(/;$/, "");
      return `${isMade ? "new" : word} ${name}${printed}`;
    }),
  );
  if (isMade) lines.unshift(`${word} ${name}`);
  if (ways.length > MOST_SIGNATURES) lines.push(`and ${ways.length - MOST_SIGNATURES} more`);
  return lines;
}

const MOST_SIGNATURES = 8;

async function typeLine(checker: Checker, symbol: TypeSymbol, word: string): Promise<string> {
  const type = await checker.getDeclaredTypeOfSymbol(symbol);
  if (word === "type") return `type ${symbol.name} = ${await checker.typeToString(type, undefined, IN_TYPE_ALIAS)}`;
  const properties = await checker.getPropertiesOfType(type);
  const shown = properties.slice(0, MOST_PROPERTIES);
  const types = await checker.getTypeOfSymbol(shown);
  const lines = await Promise.all(
    types.map(async (each, index) => {
      const text = each === undefined ? "any" : await checker.typeToString(each);
      return `  ${shown[index]?.name}: ${text};`;
    }),
  );
  if (properties.length > shown.length) lines.push(`  // and ${properties.length - shown.length} more`);
  return `interface ${symbol.name} {\n${lines.join("\n")}\n}`;
}

const MOST_PROPERTIES = 24;
/** TypeFormatFlags.InTypeAlias: write the alias out instead of its name. */
const IN_TYPE_ALIAS = 1 << 23;

function plainCard({ signatures, documentation, tags }: Card): string {
  const told = tags.map(({ name, text }) => `@${name} ${text}`.trimEnd());
  return [signatures.join("\n"), documentation, told.join("\n")].filter((part) => part !== "").join("\n\n");
}

function markdownCard({ signatures, documentation, tags }: Card): string {
  const told = tags.map(({ name, text }) =>
    name === "example" ? `*@example*\n\n${fenced(text)}` : `*@${name}* ${text}`.trimEnd(),
  );
  return [fenced(signatures.join("\n")), documentation, ...told].filter((part) => part !== "").join("\n\n");
}

function fenced(code: string): string {
  return code.includes("```") ? code : `\`\`\`typescript\n${code}\n\`\`\``;
}

/** The identifier around or just before the cursor, else the callee of the innermost open call before it. */
function nameAt(source: string, cursor: number): { readonly start: number; readonly text: string } | undefined {
  const before = /[\p{ID_Continue}$]*$/u.exec(source.slice(0, cursor))?.[0] ?? "";
  const after = /^[\p{ID_Continue}$]*/u.exec(source.slice(cursor))?.[0] ?? "";
  const word = before + after;
  if (word !== "" && !/^\d/.test(word)) return { start: cursor - before.length, text: word };
  let depth = 0;
  for (let at = cursor - 1; at >= 0; at--) {
    const character = source[at] ?? "";
    if (")]}".includes(character)) depth++;
    else if ("([{".includes(character) && depth-- === 0) {
      if (character !== "(") depth = 0;
      else {
        const callee = /([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*$/u.exec(source.slice(0, at));
        return callee === null ? undefined : { start: callee.index, text: callee[1] ?? "" };
      }
    }
  }
  return undefined;
}
