import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = path.join(root, "dist/kernel/main.js");
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-doctor-"));
const bin = path.join(folder, "bin");
const data = path.join(folder, "data");
const spark = path.join(folder, "spark");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Only what a test puts there is on PATH, in Jupyter's folders and in Spark's. */
const environment = {
  PATH: `${bin}:/usr/bin:/bin`,
  HOME: folder,
  JUPYTER_DATA_DIR: data,
  JUPYTER_RUNTIME_DIR: path.join(data, "runtime"),
  OUTGROW_DATA_DIR: path.join(folder, "own"),
  OUTGROW_SPARK_DIR: spark,
};

interface Told {
  readonly status: number | null;
  readonly text: string;
  /** What is wrong, each with its cure. */
  readonly faults: readonly string[];
}

/** Standard output is a pipe. */
function doctor(parts: string, env: Readonly<Record<string, string>> = {}, before: readonly string[] = []): Told {
  const [command = "", ...args] = [...before, process.execPath, main, "doctor", ...parts.split(" ").filter(Boolean)];
  const cwd = path.join(folder, "notebook");
  const { status, stdout } = spawnSync(command, args, { cwd, env: { ...environment, ...env }, encoding: "utf8" });
  return { status, text: stdout, faults: stdout.match(/^✗ .*\n {4}what to do: .*$/gm) ?? [] };
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function program(name: string, script: string): string {
  const file = path.join(bin, name);
  write(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A Jupyter that knows one kernelspec. */
function registered(argv: readonly string[], place = path.join(data, "kernels", "outgrow")): void {
  const list = { kernelspecs: { outgrow: { resource_dir: place, spec: { argv } } } };
  write(path.join(folder, "list.json"), JSON.stringify(list));
  program("jupyter", `cat ${path.join(folder, "list.json")}`);
}

beforeEach(() => {
  for (const each of readdirSync(folder)) rmSync(path.join(folder, each), { recursive: true, force: true });
  mkdirSync(path.join(folder, "notebook"));
  registered([process.execPath, main, "kernel", "{connection_file}"]);
});

test("tries each part for real, and leaves nothing behind", () => {
  const before = readdirSync(folder);
  const { text, status } = doctor("");
  for (const line of [
    "✓ Node: v",
    "✓ memory: ",
    "✓ loopback: connects to 127.0.0.1",
    "✓ sockets (zeromq): five sockets bound on loopback",
    "✓ compiler (oxc): compiles a cell",
    "✓ engine (DuckDB): opens",
    "✓ frames (Danfo): builds a frame of 2 rows",
    "✓ types (TypeScript): finds a wrong type",
    "✓ a cell: 6 * 7 gives 42",
    "✓ temporary files: ",
    "✓ kernelspec: registered",
    "✓ Spark: none",
    "All parts work.",
  ])
    expect(text).toContain(line);
  expect(status).toBe(0);
  // Jupyter makes folders of its own when it is asked.
  expect(readdirSync(folder).filter((name) => !/^(?:data|\.ipython)$/.test(name))).toEqual(before);
}, 60_000);

test.each([
  ["/zeromq/", "✗ sockets (zeromq): not for this platform"],
  ["@duckdb/node-bindings", "✗ engine (DuckDB): not for this platform"],
  ["@oxc-transform/binding", "✗ compiler (oxc): Cannot find native binding"],
])("says what is wrong when %s cannot be loaded, and what to do", (name, line) => {
  const hook = path.join(folder, "broken.cjs");
  writeFileSync(
    hook,
    `const Module = require("node:module"), load = Module._load;
     Module._load = function (file, ...rest) {
       if (String(file).includes("${name}")) throw new Error("not for this platform");
       return load.call(this, file, ...rest);
     };`,
  );
  const { status, text } = doctor("parts", { NODE_OPTIONS: `--require ${hook}` });
  expect(text).toContain(line);
  expect(text).toContain("what to do: ");
  expect(status).toBe(1);
});

/** The one fault, with its cure. */
function only(told: Told): string {
  expect(told.status).toBe(1);
  expect(told.text).toContain(`1 of `);
  expect(told.faults).toHaveLength(1);
  return told.faults[0] ?? "";
}

test("a Node that is too old", () => {
  const hook = path.join(folder, "old.cjs");
  writeFileSync(hook, `Object.defineProperty(process.versions, "node", { value: "18.20.4" });`);
  expect(only(doctor("parts", { NODE_OPTIONS: `--require ${hook}` }))).toMatch(
    /Node: v18\.20\.4 is too old.*\n.*nvm install 22 && /,
  );
});

test("a container with little memory", () => {
  const hook = path.join(folder, "small.cjs");
  writeFileSync(hook, "process.constrainedMemory = () => 512 * 2 ** 20;");
  expect(only(doctor("parts", { NODE_OPTIONS: `--require ${hook}` }))).toMatch(
    /memory: 512 MiB of this container, and a kernel .* needs 1\.0 GiB\n.*docker run --memory=2g/,
  );
});

describe("of Jupyter", () => {
  const install = /node dist\/kernel\/main\.js install$/;

  test("a kernelspec whose folder is gone", () => {
    registered([process.execPath, "/moved/outgrow/dist/kernel/main.js", "kernel", "{connection_file}"]);
    const told = only(doctor("jupyter"));
    expect(told).toMatch(/kernelspec: it starts \/moved\/outgrow\/dist\/kernel\/main\.js, which is gone/);
    expect(told).toMatch(install);
  });

  test("a kernelspec whose Node is gone", () => {
    registered(["/opt/node-19/bin/node", main, "kernel", "{connection_file}"]);
    expect(only(doctor("jupyter"))).toMatch(/it starts \/opt\/node-19\/bin\/node, which is gone or does not run here/);
  });

  test("a kernelspec of another version, in an environment of its own", () => {
    const other = path.join(folder, "other");
    write(path.join(other, "package.json"), JSON.stringify({ name: "outgrow", version: "0.0.7" }));
    write(path.join(other, "dist", "kernel", "main.js"), "");
    registered([process.execPath, path.join(other, "dist/kernel/main.js")], "/opt/env/share/jupyter/kernels/outgrow");
    const told = only(doctor("jupyter"));
    expect(told).toMatch(/it starts Outgrow 0\.0\.7 .*, and this is \d/);
    expect(told).toMatch(/install --prefix \/opt\/env$/);
  });

  test("no kernelspec", () => {
    program("jupyter", "echo '{\"kernelspecs\": {}}'");
    expect(only(doctor("jupyter"))).toMatch(install);
  });

  test("a Jupyter that does not run", () => {
    program("jupyter", "echo 'No module named jupyter_core' >&2; exit 1");
    const { text } = doctor("jupyter");
    // A clone may have one of its own.
    if (existsSync(path.join(root, ".venv"))) expect(text).toContain("✓ Jupyter: in .venv of this folder");
    else expect(text).toMatch(/✗ Jupyter: does not run: No module named jupyter_core/);
  });

  describe("in a copy of the package", () => {
    /** Its packages are the clone's, its environment is what the test makes of it. */
    function copyOf(venv?: () => string): Told {
      const copy = path.join(folder, "copy");
      for (const name of [
        "package.json",
        "dist/kernel",
        "dist/chunks",
        "dist/src",
        "dist/vendor",
        "dist/proto",
        "dist/scan-kernel",
      ])
        cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
      write(path.join(copy, "scripts", "setup.mjs"), "");
      symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
      rmSync(path.join(bin, "jupyter"));
      if (venv) {
        mkdirSync(path.join(copy, ".venv", "bin"), { recursive: true });
        writeFileSync(path.join(copy, ".venv", "bin", "jupyter"), venv(), { mode: 0o755 });
      }
      const args = [path.join(copy, "dist/kernel/main.js"), "doctor", "jupyter"];
      const cwd = path.join(folder, "notebook");
      const { status, stdout } = spawnSync(process.execPath, args, { cwd, env: environment, encoding: "utf8" });
      return { status, text: stdout, faults: stdout.match(/^✗ .*\n {4}what to do: .*$/gm) ?? [] };
    }

    test("no Jupyter at all", () => {
      expect(only(copyOf())).toMatch(/✗ Jupyter: not found on PATH\n.*cd .*copy && npm start$/);
    });

    test("an environment whose Python is gone", () => {
      const told = copyOf(() => "#!/opt/python-3.8/bin/python\n");
      expect(told.status).toBe(1);
      expect(told.faults[0]).toMatch(
        /✗ environment: .*copy\/\.venv is broken: its Python is gone\n.*rm -r .*\.venv && cd .* && npm start$/,
      );
    });

    test("an environment without Jupyter's packages", () => {
      const told = copyOf(
        () => "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'jupyter_core'\" >&2; exit 1\n",
      );
      expect(told.faults[0]).toMatch(/is broken: ModuleNotFoundError: No module named 'jupyter_core'\n/);
    });
  });
});

describe("of folders", () => {
  test.each([
    ["JUPYTER_RUNTIME_DIR", "Jupyter's connection files"],
    ["JUPYTER_DATA_DIR", "Jupyter's data"],
    ["OUTGROW_DATA_DIR", "history and outputs"],
  ])("%s below a file", (variable, part) => {
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    const runtime = { JUPYTER_RUNTIME_DIR: path.join(folder, "runtime") };
    expect(only(doctor("folders", { ...runtime, [variable]: path.join(file, "below") }))).toBe(
      `✗ ${part}: ${file}/below cannot be made: ${file} is a file\n    what to do: mv ${file} ${file}.old`,
    );
  });

  test("a kernel's key that others can read", () => {
    const runtime = environment.JUPYTER_RUNTIME_DIR;
    const key = path.join(runtime, "kernel-1.json");
    write(key, "{}");
    chmodSync(runtime, 0o755);
    chmodSync(key, 0o644);
    expect(only(doctor("folders"))).toBe(`✗ keys: others can read ${key}\n    what to do: chmod -R go-rwx ${runtime}`);
    chmodSync(key, 0o600);
    expect(doctor("folders").text).toContain("✓ keys: can be read by nobody else");
    chmodSync(key, 0o644);
    chmodSync(runtime, 0o700);
    expect(doctor("folders").status).toBe(0);
  });

  const mayMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", folder]).status === 0;
  const why = mayMount ? "" : " (left out: this user may not mount)";
  const mounted = (options: string) => [
    ...[
      "unshare",
      "-m",
      "sh",
      "-c",
      `mkdir -p ${folder}/small && mount -t tmpfs -o ${options} none ${folder}/small && exec "$@"`,
    ],
    "sh",
  ];

  test.runIf(mayMount)(`a temporary folder that is full${why}`, () => {
    const { text, status } = doctor("folders", { TMPDIR: path.join(folder, "small") }, mounted("size=64k"));
    expect(text).toMatch(/✗ temporary files: .*\/small is full\n {4}what to do: export TMPDIR=/);
    expect(status).toBe(1);
  });

  test.runIf(mayMount)(`a temporary folder that can only be read${why}`, () => {
    const { text, status } = doctor("folders", { TMPDIR: path.join(folder, "small") }, mounted("ro"));
    expect(text).toMatch(/✗ temporary files: .*\/small can only be read\n {4}what to do: export TMPDIR=/);
    expect(status).toBe(1);
  });

  test.runIf(mayMount)(`a loopback that is not there${why}`, () => {
    const { text, status } = doctor("parts", {}, ["unshare", "-n"]);
    expect(text).toMatch(/✗ loopback: .*(?:EADDRNOTAVAIL|ENETUNREACH).*\n {4}what to do: sudo ip link set lo up/);
    expect(status).toBe(1);
  });
});

describe("of the notebook's folder", () => {
  test("a tsconfig.json that breaks off", () => {
    write(path.join(folder, "notebook", "tsconfig.json"), '{\n  // strict\n  "compilerOptions": { "strict": \n}');
    expect(only(doctor("notebook"))).toMatch(/✗ tsconfig\.json: .*tsconfig\.json line 4: .*\n.*vi.*tsconfig\.json$/);
  });

  test("comments and trailing commas are none in a tsconfig.json, and are faults in a package.json", () => {
    write(path.join(folder, "notebook", "tsconfig.json"), '{ /* on */ "compilerOptions": {}, }');
    expect(doctor("notebook").text).toContain("✓ tsconfig.json: can be read");
    write(path.join(folder, "notebook", "package.json"), '{ "name": "a", }');
    expect(only(doctor("notebook"))).toMatch(/✗ package\.json: /);
  });
});

describe("of Spark", () => {
  const home = path.join(spark, "spark-4.0.1");
  const parts = ["catalyst", "common-utils", "connect", "core", "kvstore", "launcher", "network-common"];
  const more = ["network-shuffle", "sketch", "sql", "sql-api", "tags", "unsafe", "variant"];
  const jar = (part: string) => path.join(home, "jars", `spark-${part}_2.13-4.0.1.jar`);
  const javaOf = (version: string) => program("java", `echo 'openjdk version "${version}"' >&2`);

  beforeEach(() => {
    for (const part of [...parts, ...more])
      write(jar(part), `PK\x03\x04${"x".repeat(5000)}PK\x05\x06${"\0".repeat(18)}`);
    javaOf("17.0.9");
  });

  test("is well when it is whole and has a Java", () => {
    const { text, status } = doctor("spark");
    expect(text).toContain(`✓ Spark: 4.0.1 in ${home}`);
    expect(text).toContain(`✓ Java: 17.0.9 in ${bin}/java`);
    expect(status).toBe(0);
  });

  test("a jar that is missing", () => {
    rmSync(jar("unsafe"));
    expect(only(doctor("spark"))).toMatch(
      /✗ Spark: jars\/spark-unsafe_2\.13-4\.0\.1\.jar is missing in .*\n.*rm -r .*spark-4\.0\.1 && .* spark install$/,
    );
  });

  test("a jar that is cut off", () => {
    truncateSync(jar("sql"), 900);
    expect(only(doctor("spark"))).toMatch(
      /✗ Spark: jars\/spark-sql_2\.13-4\.0\.1\.jar in .* is cut off\n.*rm -r .* spark install$/,
    );
  });

  test("an installation that was broken off", () => {
    rmSync(home, { recursive: true });
    write(path.join(spark, "spark-4.0.1.unpacking", "jars", "half.jar"), "");
    expect(only(doctor("spark"))).toMatch(/✗ Spark: an installation of Spark was cut off.*\n.* spark install$/);
  });

  test("a Java that is too old", () => {
    javaOf("1.8.0_402");
    symlinkSync("/bin/cat", path.join(bin, "cat"));
    expect(only(doctor("spark", { PATH: `${bin}` }))).toMatch(/✗ Java: .*1\.8\.0.*\n.* spark install$/);
  });

  test("no Java", () => {
    rmSync(path.join(bin, "java"));
    symlinkSync("/bin/cat", path.join(bin, "cat"));
    expect(only(doctor("spark", { PATH: bin }))).toMatch(/✗ Java: no Java was found.*\n.* spark install$/);
  });
});

test("a part that there is none of", () => {
  const { status, stderr } = spawnSync(process.execPath, [main, "doctor", "heart"], { encoding: "utf8" });
  expect(stderr).toBe(
    'outgrow: outgrow doctor does not know "heart"\nname some of parts, folders, notebook, jupyter, spark\n',
  );
  expect(status).toBe(1);
});
