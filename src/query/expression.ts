/** An expression of SQL as far as all engines mean the same by it. */
export type Expression =
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "word"; readonly word: "true" | "false" | "null" }
  | { readonly kind: "negative"; readonly of: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "binary"; readonly sign: Sign; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "is null"; readonly of: Expression; readonly isNot: boolean }
  | { readonly kind: "in"; readonly of: Expression; readonly list: readonly Expression[]; readonly isNot: boolean }
  | {
      readonly kind: "between";
      readonly of: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly isNot: boolean;
    }
  | { readonly kind: "like"; readonly of: Expression; readonly pattern: string; readonly isNot: boolean }
  | { readonly kind: "case"; readonly cases: readonly Case[]; readonly otherwise: Expression | undefined }
  | { readonly kind: "call"; readonly name: string; readonly values: readonly Expression[] };

export type Sign = "and" | "or" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "||" | "*" | "/" | "%";

export interface Case {
  readonly when: Expression;
  readonly result: Expression;
}

/** The names of the columns in an expression. */
export function columnsIn(expression: Expression): string[] {
  if (expression.kind === "column") return [expression.name];
  return partsOf(expression).flatMap(columnsIn);
}

/** What an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "binary":
      return [expression.left, expression.right];
    case "negative":
    case "not":
    case "is null":
    case "like":
      return [expression.of];
    case "in":
      return [expression.of, ...expression.list];
    case "between":
      return [expression.of, expression.low, expression.high];
    case "case":
      return [
        ...expression.cases.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case "call":
      return expression.values;
    default:
      return [];
  }
}
