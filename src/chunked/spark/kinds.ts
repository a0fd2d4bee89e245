import type { Expression } from "../../query/expression.ts";

/** What an expression gives, as far as it matters to who compares it; a `literal` is a text that becomes what stands beside it. */
export type Kind = "text" | "literal" | "number" | "double" | "boolean" | "time" | "null";

const TEXTS = new Set(["lower", "upper", "trim", "ltrim", "rtrim", "replace", "concat"]);
const CHOICES = new Set(["coalesce", "greatest", "least", "nullif"]);
const TIMES = new Set(["date_trunc", "date"]);
const DOUBLES = new Set(["floor", "ceil", "round"]);

export function kindOf(expression: Expression, typeOf: (column: string) => string): Kind {
  const kind = (one: Expression) => kindOf(one, typeOf);
  switch (expression.kind) {
    case "column":
      return kindOfType(typeOf(expression.name));
    case "number":
      return /e/i.test(expression.text) ? "double" : "number";
    case "text":
      return "literal";
    case "word":
      return expression.word === "null" ? "null" : "boolean";
    case "negative":
      return kind(expression.of);
    case "case": {
      const { cases, otherwise } = expression;
      return common([...cases.map(({ result }) => result), ...(otherwise ? [otherwise] : [])].map(kind));
    }
    case "call": {
      const { name, values } = expression;
      if (TEXTS.has(name)) return "text";
      if (TIMES.has(name)) return "time";
      if (DOUBLES.has(name)) return "double";
      return CHOICES.has(name) || name === "abs" ? common(values.map(kind)) : "number";
    }
    case "binary": {
      const { sign, left, right } = expression;
      if (sign === "||") return "text";
      if (sign === "/") return "double";
      return /^[-+*%]$/.test(sign) ? common([kind(left), kind(right)]) : "boolean";
    }
    default:
      return "boolean";
  }
}

/** Where one engine would cast what another refuses, or writes in another way; undefined when neither happens. */
export function oddKinds(expression: Expression, typeOf: (column: string) => string): string | undefined {
  const are = (expressions: readonly Expression[], ...wanted: Kind[]) =>
    expressions.every((one) => [...wanted, "null"].includes(kindOf(one, typeOf)));
  const alike = (expressions: readonly Expression[]) => (areAlike(expressions, typeOf) ? undefined : DIFFERENT);
  switch (expression.kind) {
    case "negative":
      return are([expression.of], "number", "double") ? undefined : NO_NUMBER;
    case "not":
      return are([expression.of], "boolean") ? undefined : NO_CONDITION;
    case "like":
      return are([expression.of], "text", "literal") ? undefined : NO_TEXT;
    case "in":
      return alike([expression.of, ...expression.list]);
    case "between":
      return alike([expression.of, expression.low, expression.high]);
    case "case": {
      const { cases, otherwise } = expression;
      const whens = cases.map(({ when }) => when);
      const results = [...cases.map(({ result }) => result), ...(otherwise ? [otherwise] : [])];
      return are(whens, "boolean") ? alike(results) : NO_CONDITION;
    }
    case "binary": {
      const sides = [expression.left, expression.right];
      if (expression.sign === "and" || expression.sign === "or")
        return are(sides, "boolean") ? undefined : NO_CONDITION;
      if (expression.sign === "||") return are(sides, ...WRITTEN_ALIKE) ? undefined : WRITTEN;
      if (/^[-+*/%]$/.test(expression.sign)) return are(sides, "number", "double") ? undefined : NO_NUMBER;
      return alike(sides);
    }
    case "call": {
      const { name, values } = expression;
      if (name === "concat") return are(values, ...WRITTEN_ALIKE) ? undefined : WRITTEN;
      if (TEXTS.has(name) || name === "length") return are(values, "text", "literal") ? undefined : NO_TEXT;
      if (CHOICES.has(name)) return alike(values);
      if (DOUBLES.has(name) || name === "abs") return are(values, "number", "double") ? undefined : NO_NUMBER;
      return are(name === "date_trunc" ? values.slice(1) : values, "time") ? undefined : "a date is wanted";
    }
    default:
      return undefined;
  }
}

export const NO_CONDITION = "what stands as a condition is none";
const NO_NUMBER = "Spark computes with numbers alone";
const NO_TEXT = "a function of texts is given another thing";
const DIFFERENT = "values of different types are compared, which Spark casts in another way";
const WRITTEN = "numbers are written in another way there";
/** What all engines write with the same signs. */
const WRITTEN_ALIKE = ["text", "literal", "number", "boolean", "time"] as const;

/** Whether values can stand in one comparison, list or column without one engine casting what another refuses. */
function areAlike(expressions: readonly Expression[], typeOf: (column: string) => string): boolean {
  const kinds = expressions.map((one) => kindOf(one, typeOf));
  const whole = common(kinds);
  return kinds.every((kind, i) => {
    const one = expressions[i];
    if (kind === "null" || kind === whole) return true;
    if (isNumber(kind)) return isNumber(whole);
    return kind === "literal" && (whole === "text" || (one?.kind === "text" && FORMS[whole].test(one.value)));
  });
}

function isNumber(kind: Kind): boolean {
  return kind === "number" || kind === "double";
}

/** Texts that every engine casts alike. */
const FORMS: Readonly<Record<Kind, RegExp>> = {
  text: /^/,
  literal: /^/,
  null: /^/,
  number: /^-?\d{1,18}$/,
  double: /^(-?\d{1,15}(\.\d{1,15})?|NaN)$/,
  boolean: /^(true|false)$/,
  time: /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?Z?)?$/,
};

function common(kinds: readonly Kind[]): Kind {
  const typed = kinds.filter((kind) => kind !== "null" && kind !== "literal");
  if (typed.includes("double")) return "double";
  return typed[0] ?? (kinds.includes("literal") ? "literal" : "null");
}

function kindOfType(type: string): Kind {
  if (/^(str|category)$/.test(type)) return "text";
  if (type === "bool") return "boolean";
  if (/^date/.test(type)) return "time";
  return type.startsWith("float") ? "double" : "number";
}
