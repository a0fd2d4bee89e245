import fc from "fast-check";
import { expect, it } from "vitest";
import { notebooks, places } from "./harness.ts";

const openNotebook = notebooks();

const FORMS = [
  (name: string, value: string) => `let ${name} = ${value};`,
  (name: string, value: string) => `const ${name} = ${value};`,
  (name: string, value: string) => `{ var ${name} = ${value} }`,
  (name: string, value: string) => `const { ${name} } = { ${name}: ${value} };`,
  (name: string, value: string) => `const { x: [${name}] } = { x: [${value}] as const };`,
];

const step = fc.record({
  cell: fc.nat(3),
  name: fc.constantFrom("a", "b", "c"),
  kind: fc.constantFrom("number", "string"),
  form: fc.nat(FORMS.length - 1),
  /** Also keeps today's value of this name behind a function. */
  captures: fc.constantFrom("a", "b", "c"),
});

it("agrees with a model after any sequence of declarations and re-runs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 12 }), async (steps) => {
      const { run, service } = openNotebook();
      const kinds = new Map<string, string>();
      for (const { cell, name, kind, form, captures } of steps) {
        const value = kind === "number" ? "1 as number" : "'' as string";
        const capture =
          kinds.has(captures) && captures !== name ? ` function get_${captures}() { return ${captures} }` : "";
        const code = (FORMS[form]?.(name, value) ?? "") + capture;
        expect(await run(code, `cell-${cell}`)).toEqual([]);
        kinds.set(name, kind);
        if (capture !== "") kinds.set(`get_${captures}()`, kinds.get(captures) ?? "");
        const wrong = [...kinds].map(
          ([text, type]) => `{ const wrong: ${type === "number" ? "string" : "number"} = ${text} }`,
        );
        const right = [...kinds].map(([text, type]) => `{ const right: ${type} = ${text} }`);
        const found = await service.checkCell({ id: "probe", code: [...wrong, ...right].join("\n") });
        expect(places(found)).toEqual(wrong.map((_, line) => `TS2322 ${line + 1}:9`));
      }
    }),
    { seed: 11, numRuns: 6 },
  );
});
