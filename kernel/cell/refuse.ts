import { CellFault } from "./syntax-error.ts";
import { children, type Node } from "./tree.ts";

/**
 * What the parser lets pass and the engine would refuse without a place, or the transformer would drop without a word.
 *
 * @throws {CellFault}
 */
export function refuse(node: Node): void {
  if (node.type === "BlockStatement" || node.type === "FunctionBody") {
    const misplaced = children(node, "body").find(({ type }) => /^(?:Import|Export)\w*Declaration$/.test(type));
    if (misplaced)
      throw new CellFault("import and export stand outside of all braces; here use await import(…)", misplaced.start);
  }
  if (node.type === "ClassExpression") {
    const [decorator] = children(node, "decorators");
    if (decorator) throw new CellFault("A decorator cannot stand before a class expression", decorator.start);
  }
}
