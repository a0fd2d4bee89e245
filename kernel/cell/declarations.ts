import { declaredNames, hoistedNames } from "./names.ts";
import type { Declared, NameKind } from "./scope.ts";
import { child, children, declaredIdentifier, isTypeOnly, type Node, nameOf } from "./tree.ts";

/** What the top level of a cell declares for the session. Top-level `using` stays local: it dies with the cell. */
export function sessionDeclarations(body: readonly Node[]): Declared[] {
  const found = new Map<string, NameKind>();
  for (const statement of body) for (const { name, kind } of ofStatement(statement)) found.set(name, kind);
  return [...found].map(([name, kind]) => ({ name, kind }));
}

/** Top-level `using` names: locals of the cell. */
export function cellLocals(body: readonly Node[]): string[] {
  return body
    .filter((node) => node.type === "VariableDeclaration" && /using/.test(String(node.kind)))
    .flatMap(declaredNames);
}

function ofStatement(statement: Node): Declared[] {
  if (statement.type === "ImportDeclaration")
    return importedNames(statement).map(({ local }) => ({ name: local, kind: "import" }));
  if (statement.type === "TSImportEqualsDeclaration")
    return statement.importKind === "type" ? [] : [{ name: nameOf(child(statement, "id") as Node), kind: "import" }];
  const node = statement.type.startsWith("Export") ? (child(statement, "declaration") ?? statement) : statement;
  if (isTypeOnly(node)) return [];
  if (node.type === "VariableDeclaration" && node.kind !== "var") {
    if (/using/.test(String(node.kind))) return [];
    return declaredNames(node).map((name) => ({ name, kind: node.kind as NameKind }));
  }
  const kind = DECLARED_KINDS[node.type];
  const id = kind && declaredIdentifier(node);
  if (kind) return id ? [{ name: nameOf(id), kind }] : [];
  return hoistedNames(node).map((name) => ({ name, kind: "var" }));
}

const DECLARED_KINDS: Readonly<Record<string, NameKind>> = {
  FunctionDeclaration: "function",
  ClassDeclaration: "class",
  TSEnumDeclaration: "enum",
  TSModuleDeclaration: "namespace",
};

interface ImportedName {
  readonly local: string;
  /** `*` for the namespace. */
  readonly imported: string;
  /** Where it stands. */
  readonly start: number;
}

/** The value imports of a declaration; `import type` and `type` specifiers give none. */
export function importedNames(node: Node): ImportedName[] {
  if (node.importKind === "type") return [];
  return children(node, "specifiers")
    .filter((specifier) => specifier.importKind !== "type")
    .map((specifier) => {
      const local = nameOf(child(specifier, "local") as Node);
      const { start } = specifier;
      if (specifier.type === "ImportDefaultSpecifier") return { local, start, imported: "default" };
      if (specifier.type === "ImportNamespaceSpecifier") return { local, start, imported: "*" };
      const imported = child(specifier, "imported") as Node;
      return { local, start, imported: imported.type === "Identifier" ? nameOf(imported) : String(imported.value) };
    });
}
