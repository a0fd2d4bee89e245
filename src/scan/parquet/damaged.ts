import { ScanRefused } from "../refused.ts";

/** What a page says cannot be: the general engine reads it all the same, or tells what is wrong with the file. */
export function damaged(column: string, how: string): ScanRefused {
  return new ScanRefused("type", `a page of "${column}" ${how}`);
}
