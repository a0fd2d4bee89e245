/**
 * Names of columns as the engine gives them: blanks around a name are left out, a nameless column is called by its place, and a
 * second `a` is `a_1`, upper and lower case being the same.
 *
 * @example
 * columnNames(["a", "", "A"]); // ["a", "column1", "A_1"]
 */
export function columnNames(written: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  const digits = String(written.length - 1).length;
  return written.map((given, i) => {
    let name = given?.trim() || `column${String(i).padStart(digits, "0")}`;
    for (let count = counts.get(name.toLowerCase()); count !== undefined; count = counts.get(name.toLowerCase())) {
      counts.set(name.toLowerCase(), count + 1);
      name = `${name}_${count + 1}`;
    }
    counts.set(name.toLowerCase(), 0);
    return name;
  });
}
