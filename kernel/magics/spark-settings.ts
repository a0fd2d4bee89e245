import { UsageError } from "../../src/errors.ts";

/** `spark.sql.ansi.enabled=`, as every setting begins, or another name that was meant for one. */
const SETTING = /^(spark\.[^\s="']+|[A-Za-z][\w.-]*)=(.*)$/s;

/**
 * The items of `--conf` as settings by key. Between commas an item that is none itself, as the second of `spark.jars.packages=a:b:1,c:d:2`,
 * belongs to the value before it.
 *
 * @throws {UsageError} E_BAD_CONF for what is no setting, and for a setting that is given twice
 * @example
 * settingsOf(["spark.jars.packages=a:b:1", "c:d:2"]); // { "spark.jars.packages": "a:b:1,c:d:2" }
 */
export function settingsOf(items: readonly string[]): Readonly<Record<string, string>> {
  const settings = new Map<string, string>();
  let current: string | undefined;
  for (const item of items) {
    const [, key, value = ""] = SETTING.exec(item) ?? [];
    if (key === undefined) {
      if (current === undefined) throw noSetting(item.replace(/=.*/s, ""));
      settings.set(current, `${settings.get(current)},${item}`);
      continue;
    }
    if (!key.startsWith("spark.")) throw noSetting(key);
    if (settings.has(key))
      throw new UsageError("E_BAD_CONF", `"${key}" is given twice`, {
        hint: "leave one out; commas stand in its value",
      });
    settings.set(key, unquoted(value));
    current = key;
  }
  return Object.fromEntries(settings);
}

/** `spark.x="a,b=c"`: quotes around a value are those of the line. */
function unquoted(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
}

/** Told without its value, which may be a password from `${…}`. */
function noSetting(name: string): UsageError {
  return new UsageError("E_BAD_CONF", `"${name}" is not a Spark setting`, {
    hint: 'write --conf spark.ui.port=4041; quotes keep a value whole: --conf spark.executor.defaultJavaOptions="-Da=b,c=d"',
  });
}
