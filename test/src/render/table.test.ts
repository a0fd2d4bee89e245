import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visible } from "../../../src/frame/format.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { cell, type Document, NULL_CELL, type Preview } from "../../../src/frame/preview.ts";
import { previewFrame } from "../../../src/frame/preview-frame.ts";
import { documentHtml } from "../../../src/render/html.ts";
import { documentMarkdown } from "../../../src/render/markdown.ts";
import { documentText } from "../../../src/render/text.ts";
import { fitWidth, textWidth } from "../../../src/render/width.ts";
import { installedRules, rules, sanitize } from "./jupyterlab.ts";

const document = (preview: Preview): Document => ({ blocks: [{ kind: "table", preview }] });
const table = (columns: string[], rows: (string | null)[][]): Preview => ({
  caption: `${rows.length} rows`,
  columns: columns.map((name) => ({ name, type: "str", align: "left" })),
  rows: rows.map((row) => row.map((text) => (text === null ? NULL_CELL : cell(text)))),
});

/** Any Unicode, with the signs that mean something to a reader made likely. */
const nasty = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.constantFrom(
          "|",
          "`",
          "*",
          "_",
          "<b>",
          "</td>",
          "<script>",
          "&amp;",
          "&#36;",
          "$",
          "\\",
          "\n",
          "\r\n",
          "\u001b[31m",
          "\0",
          '"',
          "'",
          "[x](y)",
          "~~",
          "---",
          "#",
          "1.",
          "é",
          "日",
          "👩‍👩‍👧",
          "\u202e",
          "\u2028",
          "\ud800",
          "  ",
          "a",
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join("")),
  },
);

const anyPreview = fc
  .tuple(fc.uniqueArray(nasty, { minLength: 1, maxLength: 5 }), fc.nat(14), nasty, fc.array(nasty, { maxLength: 2 }))
  .chain(([names, rows, caption, notes]) =>
    fc
      .tuple(...names.map(() => fc.array(fc.option(nasty, { nil: null }), { minLength: rows, maxLength: rows })))
      .map((values) =>
        previewFrame(frameFromColumns(names.map((name, i) => ({ name, type: "str", values: values[i] ?? [] }))), {
          caption,
          notes,
        }),
      ),
  );

const runs = { seed: 20_261_124, numRuns: 150 };

/** Every character that could move the cursor or break a line, but line ends. */
const CONTROL = /(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]|\p{Cs}/u;

describe("HTML", () => {
  test("JupyterLab allows all that our sanitiser's list does", () => {
    const { tags, attributes } = installedRules();
    expect(tags).toEqual(expect.arrayContaining(rules.allowedTags));
    for (const [tag, names] of Object.entries(rules.allowedAttributes))
      expect(attributes[tag], tag).toEqual(expect.arrayContaining(names));
  });

  test("any table is a fixed point of the sanitiser, escaped and rectangular", () => {
    fc.assert(
      fc.property(anyPreview, (preview) => {
        const html = documentHtml(document(preview));
        expect(sanitize(html)).toBe(html);
        expect(html).not.toMatch(CONTROL);
        const lines = html.match(/<tr>.*?<\/tr>/gs) ?? [];
        expect(lines).toHaveLength(1 + preview.rows.length + (preview.gapAfter === undefined ? 0 : 1));
        for (const line of lines) {
          const cells = line.match(/<t[dh][ >]/g)?.length ?? 0;
          const wide = /colspan="(\d+)"/.exec(line)?.[1];
          expect(wide ? Number(wide) : cells).toBe(preview.columns.length);
        }
      }),
      runs,
    );
  });

  test("a report with code, text and a table is one as well", () => {
    const html = documentHtml({
      blocks: [
        { kind: "text", text: 'fits: "a" < b & c\nsecond', strong: true },
        { kind: "code", code: "if (a < b && c) {\n  `x`;\n}", language: "ts", title: "Apply it" },
        { kind: "table", preview: { ...table(["a"], [["1"], [null]]), rowHeader: true, gapAfter: 1 } },
      ],
    });
    expect(sanitize(html)).toBe(html);
    expect(html).toContain("if (a &lt; b &amp;&amp; c) {\n  `x`;\n}");
    expect(html).toContain('<th scope="row"');
    expect(html).toContain("<em>null</em>");
  });

  test("keeps a number and its unit on one line", () => {
    const preview = {
      caption: "",
      columns: [{ name: "bytes", align: "right" as const }],
      rows: [[{ text: "15.3 MiB", kind: "value" as const }]],
    };
    expect(documentHtml(document(preview))).toContain('white-space:nowrap">15.3 MiB<');
  });

  test("leaves more room below code than between it and its title", () => {
    const html = documentHtml({ blocks: [{ kind: "code", code: "x", language: "ts", title: "Apply it" }] });
    expect(html).toContain("<div>Apply it</div><pre><code>x</code></pre><p></p>");
  });

  test("keeps moments on one line, which would break at their hyphens", () => {
    const rows = [["2024-01-02"], ["2024-01-02T03:04:05Z"], ["2024-01-02 or later"]];
    const html = documentHtml(document(table(["a"], rows)));
    expect(sanitize(html)).toBe(html);
    expect(html.match(/nowrap">2024[^<]*/g)).toEqual(['nowrap">2024-01-02', 'nowrap">2024-01-02T03:04:05Z']);
  });

  test("is what one expects of a small table", () => {
    const preview = { ...table(["a"], [["x  y"], [null]]), caption: "2 rows × 1 column" };
    expect(documentHtml(document(preview))).toBe(
      '<div class="tex2jax_ignore mathjax_ignore"><div style="overflow-x:auto"><table><caption style="text-align:left;white-space:nowrap">2 rows × 1 column</caption>' +
        '<thead><tr><th scope="col" style="text-align:left">a<br /><small>str</small></th></tr></thead>' +
        '<tbody><tr><td dir="auto" style="text-align:left;white-space:pre">x  y</td></tr>' +
        '<tr><td dir="auto" style="text-align:left"><em>null</em></td></tr></tbody></table></div></div>',
    );
  });
});

describe("Markdown", () => {
  test("any table stays one table, with nothing left that is markup", () => {
    fc.assert(
      fc.property(anyPreview, (preview) => {
        const markdown = documentMarkdown(document(preview));
        const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
        expect(lines).toHaveLength(2 + preview.rows.length + (preview.gapAfter === undefined ? 0 : 1));
        for (const line of lines) expect(line.split("|")).toHaveLength(preview.columns.length + 2);
        const marks = markdown.replaceAll("<em>null</em>", "").replaceAll(/<span>&#(36|92);<\/span>/g, "");
        expect(marks).not.toMatch(/[$`*_<>\\~[\]]/);
        expect(markdown).not.toMatch(CONTROL);
      }),
      runs,
    );
  });

  test("decodes to the value that was escaped", () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const line =
          documentMarkdown(document(table(["a"], [[value]])))
            .split("\n")
            .at(-1) ?? "";
        const decoded = line
          .slice(2, -2)
          .replace(/<\/?span>/g, "")
          .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
        expect(decoded.trim()).toBe(visible(value).trim());
      }),
      runs,
    );
  });

  test("no formula is left for MathJax, which reads the page and not the source", () => {
    const [line] = documentMarkdown({ blocks: [{ kind: "text", text: "$5 and $6, \\(x\\), C:\\dir" }] }).split("\n");
    expect(line).toBe(
      "<span>&#36;</span>5 and <span>&#36;</span>6, <span>&#92;</span>(x<span>&#92;</span>), C:&#92;dir",
    );
  });

  test("code is fenced past its own fences", () => {
    const code = "```\nx\n```";
    expect(documentMarkdown({ blocks: [{ kind: "code", code, language: "ts" }] })).toBe(
      `\`\`\`\`ts\n${code}\n\`\`\`\``,
    );
  });

  test("the start of a line is no list and no heading", () => {
    const text = "# one\n- two\n3. three\n=== \n> four";
    expect(documentMarkdown({ blocks: [{ kind: "text", text }] })).toBe(
      "&#35; one\n&#45; two\n3&#46; three\n&#61;==\n&#62; four",
    );
  });
});

describe("text", () => {
  test("any table is aligned and fits a line", () => {
    fc.assert(
      fc.property(anyPreview, (preview) => {
        const text = documentText(document({ ...preview, rowHeader: false, notes: [] }));
        expect(text).not.toMatch(CONTROL);
        const [, , ...lines] = text.split("\n");
        const body = lines.filter((line) => !line.endsWith("characters."));
        expect(body).toHaveLength(3 + preview.rows.length + (preview.gapAfter === undefined ? 0 : 1));
        for (const line of body) expect(textWidth(line)).toBeLessThanOrEqual(120);
      }),
      runs,
    );
  });

  test("a report loses nothing: every word of every cell is there", () => {
    const bare = (text: string) => text.replace(/[\s─⋮]/gu, "");
    const count = (text: string) => [...bare(text)].sort().join("");
    fc.assert(
      fc.property(anyPreview, (preview) => {
        const { columns, rows } = preview;
        const text = documentText(document({ ...preview, caption: "", rowHeader: true, notes: [] }));
        for (const line of text.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(120);
        const cells = rows.flatMap((row) => columns.map((_, i) => (row[i]?.kind === "null" ? "<null>" : row[i]?.text)));
        const heads = columns.flatMap(({ name, type }) => [visible(name), visible(type ?? "")]);
        // The first column may stand there more than once.
        const all = count([...heads, ...cells.map((cell) => visible(cell ?? ""))].join(""));
        if (!text.includes("\n\n", 2)) expect(count(text)).toBe(all);
        else expect(count(text).length).toBeGreaterThanOrEqual(all.length);
      }),
      runs,
    );
  });

  test("a report's long words go on in the next line, its columns below", () => {
    const words = "a reason of many words ".repeat(8).trim();
    const text = documentText(document({ ...table(["name", "why"], [["x", words]]), rowHeader: true }));
    expect(text.split("\n").slice(5)).toEqual([
      "x     a reason of many words a reason of many words a reason of many words a reason of many words a reason of many words",
      "      a reason of many words a reason of many words a reason of many words",
    ]);
    const names = Array.from({ length: 30 }, (_, i) => `column_${i}`);
    const wide = documentText(document({ ...table(names, [names]), rowHeader: true }));
    for (const name of names) expect(wide).toMatch(new RegExp(`\\b${name}\\b`));
    expect(wide).toMatch(/\n\ncolumn_0 {2}column_12 /);
  });

  test("a name in a report is not broken while the words beside it can be", () => {
    const name = "spark.sql.adaptive.coalescePartitions";
    const row = [name, "some words ".repeat(9).trim(), "other words ".repeat(9).trim()];
    const text = documentText(document({ ...table(["setting", "formula", "reason"], [row]), rowHeader: true }));
    expect(text).toContain(`${name}  some`);
  });

  test("data that nearly fits keeps all its columns", () => {
    const names = ["a", "b", "c"];
    const text = documentText(document(table(names, [names.map((name) => name.repeat(60))])));
    expect(text.split("\n").at(-1)).toBe(names.map((name) => `${name.repeat(37)}…`).join("  "));
  });

  test("wide signs and emoji take two columns, marks none", () => {
    expect(["a", "日本", "👩‍👩‍👧", "e\u0301", "🇫🇷", "ﾊ", "가"].map(textWidth)).toEqual([1, 4, 2, 1, 2, 1, 2]);
    expect(fitWidth("日本語", 5)).toBe("日本…");
    const preview = table(
      ["名前", "b"],
      [
        ["日本", "x"],
        ["a", "y"],
      ],
    );
    expect(documentText(document(preview))).toBe("2 rows\n\n名前  b\nstr   str\n────  ───\n日本  x\na     y");
  });

  test("columns that do not fit are counted", () => {
    const names = Array.from({ length: 30 }, (_, i) => `column_${i}`);
    const text = documentText(document(table(names, [names])));
    expect(text).toContain("18 of 30 columns do not fit into 120 characters.");
    expect(text).toContain("column_11");
    expect(text).not.toContain("column_12");
  });
});
