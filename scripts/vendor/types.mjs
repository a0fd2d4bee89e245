import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** The types that Danfo's declarations take from packages which are not installed with Outgrow, as loose as they are used. */
const OUTSIDE = `export interface BaseUserConfig { [option: string]: unknown }
export interface TableUserConfig { [option: string]: unknown }
export interface Config { [option: string]: unknown }
export interface Layout { [option: string]: unknown }
export interface ParseConfig { [option: string]: unknown }
export interface ParsingOptions { [option: string]: unknown }
export interface WritingOptions { [option: string]: unknown }
export type HeadersInit = Record<string, string>;
declare namespace request {
  interface RequiredUriUrl { url?: string }
  interface CoreOptions { method?: string; headers?: HeadersInit; [option: string]: unknown }
}
export default request;
`;

const PACKAGES = /from (["'])(?:table|plotly\.js-dist-min|node-fetch|papaparse|xlsx|request)\1/g;

/** Copies Danfo's declarations so that they stand alone; `index.d.ts` is the entry. */
export async function copyTypes(from, to) {
  await cp(from, to, {
    recursive: true,
    filter: (file) => !path.basename(file).includes(".") || file.endsWith(".d.ts"),
  });
  // The package around is of ES modules; Danfo's declarations import without endings, as CommonJS may.
  await writeFile(path.join(to, "package.json"), '{ "type": "commonjs" }\n');
  await writeFile(path.join(to, "outside.d.ts"), OUTSIDE);
  await writeFile(path.join(to, "index.d.ts"), 'export * from "./danfojs-node/src/index";\n');
  for (const file of await readdir(to, { recursive: true })) {
    if (file.includes(path.sep) && file.endsWith(".d.ts")) await pointHome(to, path.join(to, file));
  }
}

async function pointHome(to, file) {
  const text = await readFile(file, "utf8");
  const outside = path.relative(path.dirname(file), path.join(to, "outside")).replaceAll(path.sep, "/");
  const mended = text.replaceAll(PACKAGES, `from "${outside}"`);
  if (mended !== text) await writeFile(file, mended);
}
