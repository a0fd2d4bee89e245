// A text of no letters that is a value. A field that is empty anywhere else is missing.

/** Bytes around it may be read as those around any text. */
const ROOM: usize = memory.data(192, 16);
export const EMPTY_TEXT: usize = ROOM + 64;
