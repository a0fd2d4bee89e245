/** An object of a text of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a text has one object a line, by its first. */
export function isOneObjectALine(text: string): boolean {
  const line = text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"));
  return parseObject(line.replace(/^\ufeff/, "").trim()) !== undefined;
}

/** From where to where the lines of a stretch of text go that are whole and not blank. */
export function lineSpans(text: string, isStart: boolean, isEnd: boolean): [number, number][] {
  const spans: [number, number][] = [];
  let at = isStart ? 0 : text.indexOf("\n") + 1;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    if (end === -1 && !isEnd) break;
    const stop = end === -1 ? text.length : end;
    if (text.slice(at, stop).trim() !== "") spans.push([at, stop]);
    at = stop + 1;
  }
  return spans;
}

/** From where to where the outermost objects of a text go, strings heeded. */
export function* objectSpans(text: string): Generator<[number, number]> {
  let [depth, from, isText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isText) {
      if (unit === 92) i++;
      else if (unit === 34) isText = false;
    } else if (unit === 34) isText = true;
    else if (unit === 123 && depth++ === 0) from = i;
    else if (unit === 125 && --depth === 0) yield [from, i + 1];
  }
}

/** Undefined for what is no object. */
export function parseObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
