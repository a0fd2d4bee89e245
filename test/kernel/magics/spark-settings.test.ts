// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { expect, test } from "vitest";
import { parseWords } from "../../../kernel/magics/parse.ts";
import { spark } from "../../../kernel/magics/spark.ts";
import { settingsOf } from "../../../kernel/magics/spark-settings.ts";
import { argvWords } from "../../../kernel/magics/words.ts";
import { failureOf, parse } from "./call.ts";

const JARS = "a:b:1,c:d:2";

const typed = (options: string, ...values: readonly unknown[]) =>
  settingsOf(parse(`%spark start ${options}`, spark, values).options.conf as readonly string[]);

const fromArgv = (...argv: readonly string[]) => {
  const { line, words } = argvWords("outgrow spark", ["start", ...argv]);
  return settingsOf(parseWords(spark, { text: line, typed: "outgrow spark", words }).options.conf as readonly string[]);
};

test("a comma parts settings, and stands in a value where what follows is no setting", () => {
  expect(typed("--conf spark.a=1,spark.b=2")).toEqual({ "spark.a": "1", "spark.b": "2" });
  expect(typed(`--conf spark.jars.packages=${JARS},spark.b=2`)).toEqual({
    "spark.jars.packages": JARS,
    "spark.b": "2",
  });
  expect(typed("--conf spark.x=-Da=b,-Dc=d")).toEqual({ "spark.x": "-Da=b,-Dc=d" });
  expect(typed("--conf spark.a=1,spark.label.io/os=linux")).toEqual({ "spark.a": "1", "spark.label.io/os": "linux" });
  expect(fromArgv("--conf", `spark.jars.packages=${JARS}`)).toEqual({ "spark.jars.packages": JARS });
});

test("--conf may be given several times, as spark-submit has it", () => {
  const all = { "spark.a": "1", "spark.jars.packages": JARS, "spark.b": "2" };
  expect(typed(`--conf spark.a=1 --conf spark.jars.packages=${JARS} --conf spark.b=2`)).toEqual(all);
  expect(fromArgv("--conf", "spark.a=1", `--conf=spark.jars.packages=${JARS}`, "--conf", "spark.b=2")).toEqual(all);
});

test("quotes and bound texts keep any value whole", () => {
  const whole = { "spark.x": "a,spark.y=b c" };
  expect(typed('--conf spark.x="a,spark.y=b c"')).toEqual(whole);
  expect(typed('--conf "spark.x=a,spark.y=b c"')).toEqual(whole);
  expect(fromArgv("--conf", 'spark.x="a,spark.y=b c"')).toEqual(whole);
  expect(typed("--conf spark.x=${it}", "a,spark.y=b c")).toEqual(whole);
});

test.each([
  ["--conf spark.a=1,other=2", '"other" is not a Spark setting'],
  ["--conf fs.s3a.secret.key=${it}", '"fs.s3a.secret.key" is not a Spark setting'],
  ["--conf a/b=${it}", '"a/b" is not a Spark setting'],
  ["--conf a:b:1,spark.a=1", '"a:b:1" is not a Spark setting'],
  ["--conf spark.a=1 --conf spark.a=2", '"spark.a" is given twice'],
])("%s is refused", async (options, message) => {
  expect(await failureOf(() => typed(options, "a password"))).toMatchObject({ code: "E_BAD_CONF", message });
});
