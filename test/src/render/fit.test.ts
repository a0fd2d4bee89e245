import { expect, test } from "vitest";
import { cell, type Document } from "../../../src/frame/preview.ts";
import { fitDocument } from "../../../src/render/fit.ts";
import { documentHtml } from "../../../src/render/html.ts";
import { documentMarkdown } from "../../../src/render/markdown.ts";

const BYTES = 64 * 1024;
const rowsOf = ({ blocks }: Document) =>
  blocks.reduce((sum, block) => sum + (block.kind === "table" ? block.preview.rows.length : 0), 0);

test("of a table of which some rows can be shown, no more are rendered", () => {
  const columns = Array.from({ length: 9 }, (_, i) => ({
    name: `c${i}`,
    align: i % 2 ? ("right" as const) : ("left" as const),
  }));
  const rows = Array.from({ length: 10_000 }, (_, i) => columns.map((_, at) => cell(at === 0 ? `column_${i}` : "")));
  const rendered: number[] = [];
  const forms = fitDocument(
    { blocks: [{ kind: "table", preview: { caption: "", columns, rows } }] },
    BYTES,
    (document) => {
      rendered.push(rowsOf(document));
      return { html: documentHtml(document), markdown: documentMarkdown(document) };
    },
  );
  expect(Math.max(...rendered)).toBeLessThan(BYTES / 9 / 30);
  expect(forms.markdown).toContain(`Only ${rendered.at(-1)} rows are shown`);
  // All that are left out had to be: what was not rendered has more bytes than there may be.
  const most = {
    blocks: [
      { kind: "table" as const, preview: { caption: "", columns, rows: rows.slice(0, Math.ceil(BYTES / 9 / 32)) } },
    ],
  };
  expect(Buffer.byteLength(documentHtml(most))).toBeGreaterThan(BYTES);
});

test("what is too long and has nothing to give is rendered all the same", () => {
  const name = "x".repeat(900);
  const forms = fitDocument({ blocks: [{ kind: "text", text: name }] }, 500, (document) => ({
    html: documentHtml(document),
  }));
  expect(forms.html).toContain("xxx");
});
