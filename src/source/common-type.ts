/**
 * The type that holds all values of two, under pandas' names; undefined where a value would change or lose digits that somebody wrote. Whole numbers
 * beside doubles become doubles, as everywhere.
 *
 * @example
 * commonType("int32", "int64"); // "int64"
 * commonType("int64", "str"); // undefined
 * commonType("null", "str"); // "str": a column of nothing
 */
export function commonType(one: string, other: string): string | undefined {
  if (one === other || other === "null") return one;
  if (one === "null") return other;
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a && b) return commonNumber(a, b);
  const pair = [one, other].sort().join(" ");
  if (pair === "category str") return "str";
  return /^date datetime64\[us\]$/.test(pair) ? "datetime64[us]" : undefined;
}

/** Digits before and behind the point, or a floating type's exact digits. */
interface NumberType {
  readonly name: string;
  readonly kind: "int" | "float" | "decimal";
  readonly bits: number;
  readonly isSigned: boolean;
  readonly whole: number;
  readonly scale: number;
}

function numberOf(name: string): NumberType | undefined {
  const integer = /^(u?)int(8|16|32|64)$/.exec(name);
  if (integer) {
    const bits = Number(integer[2]);
    const isSigned = integer[1] === "";
    const whole = { 8: 3, 16: 5, 32: 10, 64: isSigned ? 19 : 20 }[bits as 8];
    return { name, kind: "int", bits, isSigned, whole, scale: 0 };
  }
  const float = /^float(32|64)$/.exec(name);
  if (float) return { name, kind: "float", bits: Number(float[1]), isSigned: true, whole: 0, scale: 0 };
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(name);
  if (!decimal) return undefined;
  const scale = Number(decimal[2]);
  return { name, kind: "decimal", bits: 0, isSigned: true, whole: Number(decimal[1]) - scale, scale };
}

function commonNumber(a: NumberType, b: NumberType): string | undefined {
  const float = [a, b].find(({ kind, bits }) => kind === "float" && bits === 64);
  if (float) return "float64";
  if (a.kind === "float" || b.kind === "float") {
    const other = a.kind === "float" ? b : a;
    // A float of 32 bits holds whole numbers of 16.
    return other.kind === "int" && other.bits <= 16 ? "float32" : undefined;
  }
  if (a.kind === "int" && b.kind === "int") return commonInteger(a, b);
  const [whole, scale] = [Math.max(a.whole, b.whole), Math.max(a.scale, b.scale)];
  return whole + scale <= 38 ? `decimal(${whole + scale}, ${scale})` : undefined;
}

function commonInteger(a: NumberType, b: NumberType): string {
  if (a.isSigned === b.isSigned) return a.bits > b.bits ? a.name : b.name;
  const [signed, unsigned] = a.isSigned ? [a, b] : [b, a];
  // The engine has integers of 128 bits behind the name.
  return `int${Math.min(64, Math.max(signed.bits, unsigned.bits * 2))}`;
}
