// Bundles packages into dist/vendor. Two cannot be plain dependencies: npm ignores our overrides in a consumer's tree, and without them
// danfojs-node asks for a native TensorFlow and a tarball from a CDN, jmp for an old zeromq. Three more, grpc, Arrow and DuckDB's, take less memory and half of
// the time to load as one file than as 66, 120 and 124.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { collectLicenses } from "./vendor/licenses.mjs";
import { copyTypes } from "./vendor/types.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shims = path.join(root, "scripts/vendor");
const target = path.join(root, "dist/vendor");

const OF_DANFO = {
  "@tensorflow/tfjs-node": "tfjs.cjs",
  mathjs: "math.cjs",
  request: "request.cjs",
  "node-fetch": "fetch.cjs",
  xlsx: "xlsx.cjs",
  "plotly.js-dist-min": "empty.cjs",
};

/** What shims load when it is used, by the files that it is in: V8 looks through all of a file in one turn, so that nothing rare is in Danfo's. */
const APART = { "./tfjs.mjs": "danfo-tensors.cjs", "./math.mjs": "danfo-math.cjs" };

const BUNDLES = {
  "danfo.cjs": { entry: "danfojs-node", replace: OF_DANFO },
  "danfo-tensors.cjs": { entry: "./scripts/vendor/tfjs.mjs", replace: OF_DANFO },
  "danfo-math.cjs": { entry: "./scripts/vendor/math.mjs", replace: OF_DANFO },
  "arrow.cjs": { entry: "apache-arrow", replace: {} },
  "duckdb.cjs": { entry: "@duckdb/node-api", replace: {}, external: ["@duckdb/node-bindings"] },
  "jmp.cjs": { entry: "jmp", replace: { zeromq: "zeromq.cjs", debug: "absent.cjs" } },
  // Definitions of messages are read from files by what of grpc we do not use.
  "grpc.mjs": { entry: "./scripts/vendor/grpc.mjs", replace: { "@grpc/proto-loader": "absent.cjs" }, format: "esm" },
};

/** What the build puts into our own files. */
const OF_BUILD = ["node_modules/@bufbuild/protobuf"];

const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Writes dist/vendor unless it is already made from the same packages and shims. */
export async function vendor({ quiet = false } = {}) {
  const stamp = await fingerprint();
  if (await isMade(stamp)) return;
  const started = performance.now();
  const draft = `${target}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const inputs = await Promise.all(
    Object.entries(BUNDLES).map(([file, bundle]) => bundleOne(path.join(draft, file), bundle)),
  );
  await writeNamed(path.join(draft, "danfojs-node.cjs"), path.join(draft, "danfo.cjs"));
  await copyTypes(path.join(root, "node_modules/danfojs-node/dist"), path.join(draft, "danfo"));
  await writeFile(path.join(draft, "LICENSES.txt"), await collectLicenses(root, [...inputs.flat(), ...OF_BUILD]));
  await writeFile(path.join(draft, ".stamp"), stamp);
  await install(draft, stamp);
  if (!quiet) console.log(`dist/vendor made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

async function fingerprint() {
  const files = [path.join(root, "package-lock.json"), fileURLToPath(import.meta.url)];
  for (const name of (await readdir(shims)).sort()) files.push(path.join(shims, name));
  const hash = createHash("sha256");
  for (const file of files) hash.update(path.basename(file)).update(await readFile(file));
  return hash.digest("hex");
}

async function isMade(stamp) {
  const file = path.join(target, ".stamp");
  return existsSync(file) && (await readFile(file, "utf8")) === stamp;
}

/** Bundles one package; gives the files that went in. */
async function bundleOne(outfile, { entry, replace, external = [], format = "cjs" }) {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    external,
    format,
    // What was written for CommonJS requires Node's own modules.
    ...(format === "esm" && { banner: { js: REQUIRE } }),
    platform: "node",
    target: "node20.19",
    // The ES modules of TensorFlow can be shaken; its CommonJS builds come whole.
    mainFields: ["module", "main"],
    // Whole lines stay: Node prints the line of an uncaught error, and one line of a minified bundle fills the notebook.
    minifySyntax: true,
    legalComments: "none",
    logLevel: "error",
    metafile: true,
    plugins: [replacing(replace), sparingInputs(), drawingFromAll(), boundedLists(), ...wholeTexts()],
  });
  return Object.keys(metafile.inputs);
}

/**
 * Node finds the names of a CommonJS module by reading its text, and gets lost in a bundle as large as Danfo's: `import { merge }`
 * would be an error, and `import * as dfd` lack it. Cells import this file, which lists them.
 */
async function writeNamed(file, bundle) {
  const names = Object.keys(createRequire(import.meta.url)(bundle));
  const whole = `const whole = require("./${path.basename(bundle)}");\nmodule.exports = whole;\n`;
  await writeFile(file, `${whole}0 && (module.exports = { ${names.join(", ")} });\n`);
}

/** Resolves the named packages to our shims; what a shim itself requires under such a name is left to run time. */
function replacing(replace) {
  return {
    name: "outgrow-shims",
    setup(build) {
      build.onResolve({ filter: /^\.\/\w+\.mjs$/ }, ({ path: name, importer }) =>
        path.dirname(importer) === shims && name in APART ? { path: `./${APART[name]}`, external: true } : undefined,
      );
      const names = Object.keys(replace).map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
      build.onResolve({ filter: new RegExp(`^(${names.join("|")})$`) }, ({ path: name, importer }) =>
        path.dirname(importer) === shims ? { path: name, external: true } : { path: path.join(shims, replace[name]) },
      );
    },
  };
}

/** Danfo's `concat` appends to the columns of the frames that it is given: later sums of these would be wrong. It gets copies. */
function sparingInputs() {
  return changing(/[\\/]danfojs-node[\\/].*[\\/]concat\.js$/, [
    ["columnData = df.getColumnData;", "columnData = df.getColumnData.map((values) => Array.from(values));", 2],
    ["columnData = [df.values];", "columnData = [Array.from(df.values)];", 2],
  ]);
}

/** Danfo's `sample` asks TensorFlow to shuffle only as many rows as are wanted; see `drawn`. */
function drawingFromAll() {
  const given = 'data.array(this.index).shuffle(num, "" + seed).take(num).toArray()';
  const drawn = "drawn(this.shape[0], num, seed)";
  return changing(/[\\/]danfojs-base[\\/]core[\\/](frame|series)\.js$/, [[given, drawn, 1]]);
}

/** By a damaged length in an Arrow file's metadata its library makes fields until the memory is full. No list has more elements than bytes. */
function boundedLists() {
  const given = "return this.readInt32(offset + this.readInt32(offset));";
  const bounded = `const length = this.readInt32(offset + this.readInt32(offset));
        if (length < 0 || length > this.capacity()) throw new RangeError("its metadata has a list of an impossible length");
        return length;`;
  return changing(/[\\/]flatbuffers[\\/]mjs[\\/]byte-buffer\.js$/, [[given, bounded, 1]]);
}

/** Arrow and DuckDB take a mark of byte order that a text begins with for one of a file, and leave it out: two texts would be one. */
function wholeTexts() {
  const whole = 'new TextDecoder("utf-8", { ignoreBOM: true })';
  return [
    changing(/[\\/]apache-arrow[\\/]util[\\/]utf8\.m?js$/, [["new TextDecoder('utf-8')", whole, 1]]),
    changing(/[\\/]node-api[\\/]lib[\\/]vectors[\\/]dataAccessors\.js$/, [["new TextDecoder()", whole, 1]]),
  ];
}

/** Puts other words in the place of some, as often as they must be there. */
function changing(filter, changes) {
  return {
    name: `outgrow-${filter}`,
    setup(build) {
      build.onLoad({ filter }, async ({ path: file }) => {
        let contents = await readFile(file, "utf8");
        for (const [given, wanted, times] of changes) {
          if (contents.split(given).length !== times + 1) throw new Error(`${file} has changed: it has not ${given}`);
          contents = contents.replaceAll(given, wanted);
        }
        return { contents };
      });
    },
  };
}

/** Puts the finished folder in place at once, so that no reader sees half of it; of two makers the first wins. */
async function install(draft, stamp) {
  try {
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isMade(stamp))) throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await vendor();
