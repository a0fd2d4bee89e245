// biome-ignore-all lint/suspicious/noTemplateCurlyInString: SQL binds ${} itself
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundExpressions, parameterise } from "../../../src/spark/bound-sql.ts";
import { splitSql } from "../../../src/spark/split-sql.ts";
import { failureOf } from "../../kernel/magics/call.ts";

function split(sql: string): string[] {
  return splitSql(sql).map(({ text }) => text);
}

describe("statements", () => {
  test.each([
    ["SELECT 1", ["SELECT 1"]],
    ["SELECT 1;\n;; SELECT 2 ; ", ["SELECT 1", "SELECT 2"]],
    ["SELECT ';', \"a;b\"; SELECT `x;y`", ["SELECT ';', \"a;b\"", "SELECT `x;y`"]],
    ["SELECT 'it''s; \\'; ok'; SELECT 2", ["SELECT 'it''s; \\'; ok'", "SELECT 2"]],
    ["SELECT r'c:\\'; SELECT 2", ["SELECT r'c:\\'", "SELECT 2"]],
    ["SELECT `a``;b`; SELECT 2", ["SELECT `a``;b`", "SELECT 2"]],
    ["-- one; two\nSELECT 1 -- three; four\n; SELECT 2", ["SELECT 1", "SELECT 2"]],
    ["-- goes on \\\n; not yet\nSELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]],
    ["/* a; /* nested; */ b; */ SELECT /*+ BROADCAST(t) */ 1; SELECT 2", ["SELECT /*+ BROADCAST(t) */ 1", "SELECT 2"]],
    ["-- only a comment", []],
    ["", []],
    ["SELECT CASE WHEN a THEN 1 END AS b; SELECT 2", ["SELECT CASE WHEN a THEN 1 END AS b", "SELECT 2"]],
    ["SELECT begin, t.end FROM t; SELECT 2", ["SELECT begin, t.end FROM t", "SELECT 2"]],
    ["SELECT $$ a; b $$; SELECT $q$ ; $$ $q$", ["SELECT $$ a; b $$", "SELECT $q$ ; $$ $q$"]],
    ["SELECT 1 - -1; SELECT 4 / 2", ["SELECT 1 - -1", "SELECT 4 / 2"]],
    ["SELECT 'ü;' AS größe; SELECT 2", ["SELECT 'ü;' AS größe", "SELECT 2"]],
    ["SELECT ${a + '; }'}; SELECT 2", ["SELECT ${a + '; }'}", "SELECT 2"]],
  ])("%s", (sql, expected) => {
    expect(split(sql)).toEqual(expected);
  });

  test.each([
    "BEGIN DECLARE x INT DEFAULT 1; SET x = x + 1; SELECT x; END",
    "outer: BEGIN IF 1 = 1 THEN SELECT 1; ELSE SELECT 2; END IF; END outer",
    "BEGIN WHILE x < 3 DO SET x = x + 1; END WHILE; LOOP LEAVE l; END LOOP; REPEAT SELECT 1; UNTIL true END REPEAT; END",
    "BEGIN SELECT CASE x WHEN 1 THEN 'a' END AS y; CASE x WHEN 1 THEN SELECT 1; END CASE; SELECT 2; END",
    "BEGIN BEGIN SELECT 1; END; FOR r AS SELECT 1 DO SELECT r; END FOR; SELECT t.end FROM t; END",
    "BEGIN IF x THEN SELECT IF(a, 1, 2), CASE WHEN b THEN 1 END; END IF; END",
  ])("a block is one statement: %s", (block) => {
    expect(split(`${block};\nSELECT 2`)).toEqual([block, "SELECT 2"]);
    expect(split(`SELECT 1; ${block}`)).toEqual(["SELECT 1", block]);
  });

  test("where they stand is known", () => {
    const sql = "\n  -- first\n  SELECT 1;\n\n  SELECT 2";
    for (const { text, start } of splitSql(sql)) expect(sql.slice(start, start + text.length)).toBe(text);
    expect(splitSql(sql).map(({ start }) => start)).toEqual([sql.indexOf("SELECT 1"), sql.indexOf("SELECT 2")]);
  });

  test.each([
    ["SELECT 'a", "'"],
    ["SELECT 1; SELECT `a", "`"],
    ["/* a /* b */ SELECT 1", "/*"],
    ["SELECT ${a", "${"],
  ])("%s is never closed", async (sql, under) => {
    expect(await failureOf(() => splitSql(sql))).toMatchObject({ code: "E_SQL_UNCLOSED", under });
  });

  test("what is joined by semicolons comes apart again", () => {
    const piece = fc.constantFrom(
      "SELECT 1",
      "SELECT ';'",
      "SELECT `;`",
      'SELECT ";\\";"',
      "SELECT 1 /* ; /* ; */ ; */ + 1",
      "BEGIN SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
      "SELECT r';\\'",
      "SELECT ${x}",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.constantFrom(";", " ;\n", ";;", "\n;-- ;\n"),
        (pieces, between) => {
          expect(split(pieces.join(between))).toEqual(pieces);
        },
      ),
    );
  });
});

describe("bound values", () => {
  test("become parameters of the same length, line breaks kept", () => {
    const sql = "SELECT ${a}, ${b\n + {c: '}'}.c} -- ${not}\nFROM t /* ${nor} */ WHERE x > ${`${d}`}";
    const { text, bound } = parameterise(sql);
    expect(bound.map(({ name, start, end }) => `${name} ${sql.slice(start, end)}`)).toEqual([
      "_0 ${a}",
      "_1 ${b\n + {c: '}'}.c}",
      "_2 ${`${d}`}",
    ]);
    expect(text.length).toBe(sql.length);
    expect(text.split("\n").map(({ length }) => length)).toEqual(sql.split("\n").map(({ length }) => length));
    expect(text.replace(/ +/g, " ")).toBe("SELECT :_0 , :_1\n -- ${not}\nFROM t /* ${nor} */ WHERE x > :_2 ");
    expect(boundExpressions(sql).map(({ code }) => code)).toEqual(["a", "b\n + {c: '}'}.c", "`${d}`"]);
    for (const { code, start } of boundExpressions(sql)) expect(sql.slice(start, start + code.length)).toBe(code);
  });

  test.each([
    ["SELECT '${a}'", "E_BOUND_IN_QUOTES", "${a}"],
    ["SELECT * FROM `t_${day}`", "E_BOUND_IN_QUOTES", "${day}"],
    ['SELECT "x ${a', "E_BOUND_IN_QUOTES", "${a"],
    ["SELECT ${ }", "E_BOUND_EMPTY", "${ }"],
    ["SELECT ${a", "E_SQL_UNCLOSED", "${"],
  ])("%s is refused", async (sql, code, under) => {
    expect(await failureOf(() => boundExpressions(sql))).toMatchObject({ code, under });
  });
});
