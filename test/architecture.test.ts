import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Rooms from lowest to highest; a room imports only from its own level's own room and from lower levels. */
const LEVELS: readonly (readonly string[])[] = [
  [
    "src/errors",
    "src/units",
    "src/progress",
    "src/memory",
    "src/limits",
    "src/paths",
    "src/pauses",
    "src/stepwise",
    "src/processes",
    "src/threads",
    "src/words",
  ],
  ["src/frame"],
  ["src/source", "src/query"],
  ["src/scan", "src/duckdb", "src/spark"],
  ["src/verdict", "src/tables"],
  ["src/profile"],
  ["src/chunked", "src/ml"],
  ["src/render"],
  ["src/export"],
  ["src/index"],
  ["kernel/link"],
  ["kernel/wire", "kernel/cell", "kernel/display"],
  ["kernel/magics", "kernel/language", "kernel/debug"],
  ["kernel/executor", "kernel/supervisor"],
  ["kernel/install", "kernel/commands"],
  ["kernel/doctor"],
  ["kernel/main"],
];

/** Rooms inside of a room from lowest to highest; what stands beside them joins them. */
const INNER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "src/chunked": [["spark"], ["engines"], ["chunks", "to-file"]],
};

/** Exceptions to the order, each with its reason. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The units parse what people type and refuse with a UsageError.
  "src/units": ["src/errors"],
  "src/paths": ["src/errors"],
  "src/limits": ["src/errors"],
  "src/words": ["src/errors"],
  "src/threads": ["src/errors", "src/paths"],
  // Settings are computed from the data's profile, which stands above the Spark room.
  "src/spark": ["src/profile", "src/verdict"],
};

/** Which folder alone may import a package. */
const IMPORTERS: Readonly<Record<string, string>> = {
  zeromq: "kernel/wire/",
  "#jmp": "kernel/wire/",
  "@duckdb/node-api": "src/duckdb/",
  "#duckdb": "src/duckdb/",
  "@duckdb/node-bindings": "src/duckdb/",
  "#danfo": "src/frame/",
  "#arrow": "src/frame/",
  "apache-arrow": "src/frame/",
  "@grpc/grpc-js": "src/spark/connect/",
  "@bufbuild/protobuf": "src/spark/connect/",
  "oxc-parser": "kernel/cell/",
  "oxc-transform": "kernel/cell/",
  "magic-string": "kernel/cell/",
  typescript: "kernel/language/",
  tar: "src/spark/server/",
  undici: "src/spark/server/",
  yauzl: "src/spark/server/",
};

interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly imports: readonly { readonly specifier: string; readonly typeOnly: boolean }[];
}

const files = ["src", "kernel"].flatMap((half) => read(half));

describe("the house", () => {
  test("src never imports kernel", () => {
    const wrong = edges().filter(({ from, to }) => from.startsWith("src/") && to.startsWith("kernel/"));
    expect(wrong, "move what is shared down into src/").toEqual([]);
  });

  test("imports go down", () => {
    const wrong = edges().filter(({ from, to }) => !goesDown(roomOf(from), roomOf(to)));
    const shown = wrong.map(({ from, to }) => `${from} -> ${to}`);
    expect(shown, "move the imported thing to a lower room, or the importing one up (LEVELS above)").toEqual([]);
  });

  test("imports inside of a room go down", () => {
    const wrong = Object.entries(INNER).flatMap(([room, levels]) => {
      const innerOf = (file: string) => (file.startsWith(`${room}/`) ? file.split("/")[2] : undefined);
      const levelOf = (inner: string | undefined) => levels.findIndex((rooms) => rooms.includes(inner ?? ""));
      return edges().filter(({ from, to }) => {
        const [inner, other] = [innerOf(from), innerOf(to)];
        const isCrossing = inner !== other && levelOf(inner) >= 0 && levelOf(other) >= 0;
        return isCrossing && levelOf(other) >= levelOf(inner);
      });
    });
    const shown = wrong.map(({ from, to }) => `${from} -> ${to}`);
    expect(shown, "move what both need to a lower room (INNER above), or beside them").toEqual([]);
  });

  test("every room inside of a room is there and known", () => {
    for (const [room, levels] of Object.entries(INNER)) {
      const there = readdirSync(path.join(root, room), { withFileTypes: true }).filter((one) => one.isDirectory());
      expect(there.map(({ name }) => name).sort(), `give each room of ${room} its place in INNER`).toEqual(
        levels.flat().sort(),
      );
    }
  });

  test("no import ring", () => {
    expect(findRing(), "break the ring: move what both need into a third file").toBeUndefined();
  });

  test("every package has one importer", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .map(({ specifier }) => ({ specifier, owner: IMPORTERS[packageOf(specifier)] }))
        .filter(({ owner }) => owner !== undefined && !file.name.startsWith(owner))
        .map(
          ({ specifier, owner }) => `${file.name} imports ${specifier}: only ${owner} may; use what that room exports`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  test("packages that are imported are declared, and known here", () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    const wrong = files.flatMap((file) =>
      file.imports
        .map(({ specifier }) => packageOf(specifier))
        .filter((name) => !/^(\.|node:|#)/.test(name) && !(name in dependencies))
        .map((name) => `${file.name} imports ${name}, which is not in dependencies`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("a line of code knows its home", () => {
  const rules: readonly { what: string; pattern: RegExp; home: RegExp; fix: string }[] = [
    {
      what: "new Error(",
      pattern: /\bnew (Type|Range)?Error\(/,
      home: /^src\/errors\.ts$/,
      fix: "use a class of src/errors.ts",
    },
    {
      what: "process.memoryUsage",
      pattern: /process\.memoryUsage/,
      home: /^src\/memory\.ts$/,
      fix: "use src/memory.ts",
    },
    {
      what: "an HTML tag",
      pattern: /["'`][^"'`\n]*<\/?(table|div|td|th|tr|small|progress|caption|pre|span|code|p|b)\b[^>]*>/,
      home: /^src\/render\/(html|progress)\.ts$/,
      fix: "write it in src/render/html.ts",
    },
    {
      what: "a MIME name",
      pattern: /["'`](text\/(html|plain|markdown)|image\/svg\+xml|application\/json)["'`]/,
      home: /^src\/render\/(bundle|mime)\.ts$/,
      fix: "use MIME of src/render",
    },
    {
      what: "a Jupyter message name",
      pattern: /["'`][a-z_]+_(request|reply)["'`]/,
      home: /^kernel\/(wire\/message\.ts|supervisor\/requests\/)/,
      fix: "name it in kernel/wire/message.ts or in its request file",
    },
    { what: "any", pattern: /(:|<|as) any\b/, home: /\.d\.ts$/, fix: "give it its type, or unknown" },
    { what: "a default export", pattern: /^export default /m, home: /^$/, fix: "name the export" },
    { what: "an ignored type error", pattern: /@ts-(ignore|nocheck|expect-error)/, home: /^$/, fix: "mend the type" },
  ];

  test.each(rules)("$what stands only in its home", ({ pattern, home, fix }) => {
    const wrong = files.flatMap((file) => (home.test(file.name) ? [] : linesWith(file, pattern)));
    expect(wrong, fix).toEqual([]);
  });

  // The type service reads them in every kernel: eleven megabytes of them were four functions without a declared result.
  test("declarations name types, they do not spell them out", () => {
    const large = readdirSync(path.join(root, "dist/types"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".d.ts"))
      .filter((file) => statSync(path.join(root, "dist/types", file)).size > 64 * 1024);
    expect(large, "declare what the exported functions of these files return, by a named type").toEqual([]);
  });

  test("files are small enough to hold one idea", () => {
    const wrong = files.filter((file) => file.text.split("\n").length > 300).map((file) => file.name);
    expect(wrong, "a file past 300 lines hides two ideas: give the second a file of its own").toEqual([]);
  });
});

function read(half: string): SourceFile[] {
  return readdirSync(path.join(root, half), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ts$/.test(name))
    .map((name) => {
      const text = readFileSync(path.join(root, half, name), "utf8");
      return { name: `${half}/${name.replaceAll(path.sep, "/")}`, text, imports: importsOf(text) };
    });
}

function importsOf(text: string): SourceFile["imports"] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const statements = [...code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm)];
  const dynamic = [...code.matchAll(/\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g)];
  return [
    ...statements.map((match) => ({ specifier: match[2] ?? "", typeOnly: match[1] !== undefined })),
    ...dynamic.map((match) => ({ specifier: match[1] ?? "", typeOnly: false })),
  ];
}

function edges(): { from: string; to: string; typeOnly: boolean }[] {
  return files.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier, typeOnly }) => ({
        from: file.name,
        to: fileOf(path.posix.join(path.posix.dirname(file.name), specifier)),
        typeOnly,
      })),
  );
}

/** The scanner's kernel is written in a dialect that names files without their ending. */
function fileOf(target: string): string {
  return /\.[a-z]+$/.test(target) ? target : `${target}.ts`;
}

function roomOf(file: string): string {
  return file.split("/").slice(0, 2).join("/").replace(/\.ts$/, "");
}

function goesDown(from: string, to: string): boolean {
  if (from === to || ALLOWED[from]?.includes(to)) return true;
  const [high, low] = [levelOf(from), levelOf(to)];
  return low < high;
}

function levelOf(room: string): number {
  const level = LEVELS.findIndex((rooms) => rooms.includes(room));
  expect(level, `${room} is not in LEVELS: give the new room its place`).toBeGreaterThanOrEqual(0);
  return level;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@")
    ? parts.slice(0, 2).join("/")
    : specifier.startsWith(".") || specifier.startsWith("node:")
      ? specifier
      : (parts[0] ?? specifier);
}

function linesWith(file: SourceFile, pattern: RegExp): string[] {
  return file.text
    .split("\n")
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => !/^\s*(\*|\/\/|\/\*)/.test(line) && pattern.test(line))
    .map(({ line, index }) => `${file.name}:${index + 1} ${line.trim()}`);
}

/** The first ring of value imports, as a path of files. */
function findRing(): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of edges()) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const ring = visit(to, [...trail, file]);
      if (ring) return ring;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const ring = visit(file, []);
    if (ring) return ring;
  }
  return undefined;
}
