import { afterEach, describe, expect, test } from "vitest";
import { SlotTable } from "../../../kernel/cell/slots.ts";

const table = new SlotTable();
const globals = globalThis as unknown as Record<string, unknown>;

afterEach(() => {
  for (const name of table.names()) table.delete(name);
});

describe("SlotTable", () => {
  test("a slot is dead before its first write, a hoisted one undefined", () => {
    const slot = table.slot("dead");
    expect(() => slot.v).toThrow(new ReferenceError("Cannot access 'dead' before initialization"));
    expect(table.has("dead")).toBe(false);
    expect(table.get("dead")).toBeUndefined();
    slot.hoist();
    expect(slot.v).toBeUndefined();
    slot.v = 1;
    expect([slot.v, table.has("dead"), table.slot("dead") === slot]).toEqual([1, true, true]);
  });

  test("each slot has a hidden class of its own", () => {
    expect(Object.getPrototypeOf(table.slot("one"))).not.toBe(Object.getPrototypeOf(table.slot("two")));
  });

  test("names with a value, in order of their first appearance", () => {
    table.slot("later");
    table.set("a", 1);
    table.set("b", undefined);
    table.slot("later").v = 2;
    expect(table.names()).toEqual(["later", "a", "b"]);
  });

  test("published names are seen and written through globalThis until they are deleted", () => {
    table.set("published", 1);
    globals.published = 5;
    expect([table.get("published"), globals.published, Object.keys(globals).includes("published")]).toEqual([
      5,
      5,
      false,
    ]);
    const old = table.slot("published");
    table.delete("published");
    expect("published" in globals).toBe(false);
    expect(() => old.v).toThrow(ReferenceError);
  });

  test("a global of the host stays", () => {
    const own = globals.fetch;
    table.set("fetch", 1);
    expect([globals.fetch === own, table.get("fetch")]).toEqual([true, 1]);
    table.delete("fetch");
    expect(globals.fetch).toBe(own);
  });
});
