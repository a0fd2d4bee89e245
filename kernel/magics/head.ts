import type { ScanColumn } from "../../src/duckdb/scan.ts";
import { Interrupted } from "../../src/errors.ts";
import type { DataFrame } from "../../src/frame/frame.ts";
import type { FileSource } from "../../src/source/source.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, OptionValues, SourceWord } from "./magic.ts";
import { COMMON, TEXT_OPTIONS } from "./options.ts";
import { sourceOf } from "./source.ts";
import { textOptions } from "./text-options.ts";

const options = { rows: COMMON.rows, ...TEXT_OPTIONS, output: COMMON.output, quiet: COMMON.quiet } as const;

export const head: MagicDefinition = {
  name: "head",
  forms: ["%"],
  summary: "first rows of data, with the types of its columns",
  args: [
    {
      name: "SOURCE",
      required: true,
      complete: "source",
      summary: "a file, folder or pattern, or a variable with a frame",
    },
  ],
  options,
  examples: ["%head data/sales.csv", "%head data/*.parquet -n 3"],
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    const count = given.rows ?? options.rows.default;
    const source = await sourceOf(invocation.args.SOURCE as SourceWord, context);
    // One row more than wanted tells whether there are more.
    const found = typeof source === "string" ? await firstRows(source, count + 1, given, context) : source;
    const [rows = 0] = found.shape;
    const frame = rows > count ? (found.head(count) as DataFrame) : found;
    if (!given.quiet) {
      const { toBundle } = await import("../../src/render/bundle.ts");
      const total = typeof source === "string" && rows > count ? "unknown" : rows;
      context.display(toBundle(frame, { rows: count, total }).data);
    }
    return frame;
  },
};

async function firstRows(
  path: string,
  count: number,
  given: OptionValues<typeof options>,
  { cwd, signal }: MagicContext,
): Promise<DataFrame> {
  const [{ resolveSource }, { openDuckdb }, { describeSource, scanColumns }, { selectOf }, { frameFromColumns }] =
    await Promise.all([
      import("../../src/source/resolve.ts"),
      import("../../src/duckdb/session.ts"),
      import("../../src/duckdb/describe.ts"),
      import("../../src/duckdb/scan.ts"),
      import("../../src/frame/frame.ts"),
    ]);
  const source = await resolveSource(path, { cwd, text: textOptions(given) });
  if (source.format === "arrow") return firstOfArrow(source, count);
  await using session = await openDuckdb({ signal });
  const described = await describeSource(session, source);
  const read = async (columns: readonly ScanColumn[]) =>
    frameFromColumns((await session.query(`${selectOf(source, columns)} LIMIT ${count}`)).columns);
  const columns = scanColumns(described, described.columns).map((column) => ({ ...column, isWide: isCsv(source) }));
  try {
    return await read(columns);
  } catch (failure) {
    // A look at data shows what is there, also where it is not of the type that the engine took it for.
    if (!isCsv(source) || failure instanceof Interrupted) throw failure;
    return await read(columns.map((column) => ({ ...column, type: "str" })));
  }
}

/** The first record batches; no engine reads Arrow files. */
async function firstOfArrow(source: FileSource, count: number): Promise<DataFrame> {
  const [{ tablesOfArrow }, { chunksByTables }, { frameFromColumns }] = await Promise.all([
    import("../../src/tables/arrow-files.ts"),
    import("../../src/chunked/chunks/by-tables.ts"),
    import("../../src/frame/frame.ts"),
  ]);
  const chunks = chunksByTables(await tablesOfArrow(source), {}, { size: { rows: count } }, () => undefined);
  for await (const { columns } of chunks) return frameFromColumns(columns);
  return frameFromColumns([]);
}

function isCsv({ format }: FileSource): boolean {
  return format === "csv";
}
