// Moments in microseconds since 1970 in UTC: a day, a time behind T or a blank, decimals cut at microseconds, and a zone or none.
import { NO_DAY } from "./calendar";
import { formattedDay, formattedMicros, formattedZoned, hasDateFormat, readFormatted } from "./date-format";
import { digitAt, isDigit, isoDay, readDay, readDayNumber } from "./iso-day";
import { joinDigits, lastDigits, powerOfTen, wrongDigits } from "./digits";
import { openField, textFrom, textTo, trimField } from "./field-text";
import { isoMoment, NO_MOMENT } from "./iso-moment";
import { forgetMisfits, MIXED_ZONES, noteMisfit, OUT_OF_RANGE, SYNTAX } from "./misfits";
import { nullsHaveDigits } from "./nulls";
import { readZone, zoneSeconds } from "./zones";

/** `00:00:00` */
const TIME: u64 = 0x30303a30303a3030;
const COLONS: u64 = 0x0000ff0000ff0000;
/** Hours from 24, minutes and seconds from 60 reach the upper bit of their byte with it. */
const TIME_LIMITS: u64 = 0x0044000044000068;
const TIME_BITS: u64 = 0x0080000080000080;
const DAY_MICROS: i64 = 86400000000;

/** Rows of the last call whose text names a zone. */
export let zonedRows: i32 = 0;
/** Rows of the last call whose text names none, and which are taken as UTC. */
export let plainRows: i32 = 0;

/** Reads a column's fields as i64 microseconds; gives the number of nulls. Without `takesZones` a text with a zone is a misfit. */
export function parseTimestamps(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  rows: i32,
  takesZones: i32,
  out: usize,
  valid: usize,
): i32 {
  forgetMisfits();
  memory.fill(valid, 1, rows);
  let zoned = 0;
  let nulls = 0;
  let row = 0;
  const plainEnd = nullsHaveDigits || hasDateFormat ? 0 : rows;
  while (row < rows) {
    // A loop without calls, for these would have all its registers saved in each turn.
    for (; row < plainEnd; row++) {
      const from: usize = load<u32>(starts) + skip;
      const more = <u32>(<usize>load<u32>(ends) - from) - 19;
      const sign = <u32>load<u8>(from, 10);
      if (more > 8 || (sign != 84 && sign != 32)) break;
      let seconds: i64;
      if (ASC_FEATURE_SIMD) seconds = isoMoment(from);
      else seconds = plainMoment(from);
      if (seconds == NO_MOMENT) break;
      let micros = seconds * 1000000;
      if (more > 0) {
        // Up to six decimals, Z, or both.
        const isZoned = <u32>(load<u8>(from + 18 + more) == 90);
        if (isZoned > <u32>takesZones) break;
        const decimals = more - isZoned;
        if (decimals > 0) {
          const digits = lastDigits(load<u64>(from + 11 + more - isZoned), decimals - 1);
          if (decimals == 1 || decimals > 7 || load<u8>(from, 19) != 46 || wrongDigits(digits) != 0) break;
          micros += joinDigits(digits) * powerOfTen(7 - decimals);
        }
        zoned += isZoned;
      }
      store<i64>(out, micros);
      starts += stride;
      ends += stride;
      out += 8;
    }
    if (row == rows) break;
    const to: usize = load<u32>(ends);
    const from: usize = load<u32>(starts) + skip;
    const kind = slowTimestamp(from, to, takesZones, row, out);
    if (kind == ZONED) zoned++;
    else if (kind != PLAIN) {
      store<i64>(out, 0);
      store<u8>(valid + row, 0);
      nulls++;
    }
    row++;
    starts += stride;
    ends += stride;
    out += 8;
  }
  zonedRows = zoned;
  plainRows = rows - nulls - zoned;
  return nulls;
}

/** What `isoMoment` gives, without vectors. */
@inline
function plainMoment(from: usize): i64 {
  const day = isoDay(load<u64>(from), load<u16>(from, 8));
  const time = load<u64>(from, 11) ^ TIME;
  const pairs = time * 10 + (time >> 8);
  // Bytes that are no digits, colons that are none, and hours, minutes and seconds that are too large, all at once.
  const wrong = wrongDigits(time) | (time & COLONS) | ((pairs + TIME_LIMITS) & TIME_BITS);
  if (day == NO_DAY || wrong != 0) return NO_MOMENT;
  const minutes = ((<u32>pairs & 255) * 60) + (<u32>(pairs >> 24) & 255);
  return <i64>day * 86400 + (minutes * 60 + (<u32>(pairs >> 48) & 255));
}

const WRONG: i32 = 0;
const PLAIN: i32 = 1;
const ZONED: i32 = 2;
const MISSING: i32 = 3;

/** What readEnd adds to the time. */
let endMicros: i64 = 0;

/** Reads decimals of a second and a zone, both or one of them. */
function readEnd(at: usize, to: usize): i32 {
  endMicros = 0;
  if (load<u8>(at) == 46) {
    const digitsFrom = ++at;
    while (at < to && isDigit(at)) at++;
    const count = <u32>min(at - digitsFrom, 6);
    if (count > 0) {
      const digits = lastDigits(load<u64>(digitsFrom + count - 8), count);
      endMicros = <i64>joinDigits(digits);
      for (let i = count; i < 6; i++) endMicros *= 10;
    }
    if (isEndOfDay && endMicros != 0) return WRONG;
    if (at == to) return PLAIN;
  }
  if (to - at == 4 && load<u32>(at) == 0x43545520) return PLAIN;
  if (!readZone(at, to)) return WRONG;
  endMicros -= <i64>zoneSeconds * 1000000;
  return ZONED;
}

function slowTimestamp(from: usize, to: usize, takesZones: i32, row: i32, out: usize): i32 {
  if (!openField(from, to)) return MISSING;
  trimField();
  const kind = hasDateFormat ? readByFormat(out) : readTimestamp(textFrom, textTo, out);
  if (kind == WRONG) noteMisfit(row, isOutOfRange ? OUT_OF_RANGE : SYNTAX);
  if (kind != ZONED || takesZones) return kind;
  noteMisfit(row, MIXED_ZONES);
  return WRONG;
}

/** The last text reads as a timestamp, but there is no such day. */
let isOutOfRange: bool = false;

function readByFormat(out: usize): i32 {
  isOutOfRange = false;
  if (!readFormatted(textFrom, textTo)) return WRONG;
  store<i64>(out, <i64>formattedDay * DAY_MICROS + formattedMicros);
  return formattedZoned ? ZONED : PLAIN;
}

function readTimestamp(from: usize, to: usize, out: usize): i32 {
  isOutOfRange = false;
  let at = readDay(from, to);
  if (!at) return WRONG;
  isOutOfRange = readDayNumber == NO_DAY;
  let micros = <i64>readDayNumber * DAY_MICROS;
  let kind = PLAIN;
  if (at < to) {
    const sign = load<u8>(at++);
    if (sign != 84 && sign != 32) return WRONG;
    if (sign == 32) while (at < to && load<u8>(at) == 32) at++;
    at = readTime(at, to);
    if (!at) return WRONG;
    micros += timeMicros;
    if (at < to) {
      if (!hasSeconds && load<u8>(at) == 46) return WRONG;
      kind = readEnd(at, to);
      micros += endMicros;
    }
  }
  if (isOutOfRange || kind == WRONG) return WRONG;
  store<i64>(out, micros);
  return kind;
}

/** What readTime has read. */
let timeMicros: i64 = 0;
let hasSeconds: bool = false;
/** It was 24:00: no part of a second is behind it, nor any minute. */
let isEndOfDay: bool = false;

/** Reads hours, minutes and, if they are there, seconds; gives the place behind them, 0 when there is no time of day. */
function readTime(at: usize, to: usize): usize {
  let total = 0;
  let hours = 0;
  let part = 0;
  for (; part < 3; part++) {
    const partFrom = at;
    let number = 0;
    for (; at < to && isDigit(at) && at - partFrom < 2; at++) number = number * 10 + digitAt(at);
    if (at == partFrom || number > (part == 0 ? 24 : 59)) return 0;
    if (part == 0) hours = number;
    total = total * 60 + number;
    if (at >= to || load<u8>(at) != 58) {
      part++;
      break;
    }
    if (part < 2) at++;
  }
  if (part < 2) return 0;
  hasSeconds = part == 3;
  if (!hasSeconds) total *= 60;
  isEndOfDay = hours == 24;
  if (isEndOfDay && total != 86400) return 0;
  timeMicros = <i64>total * 1000000;
  return at;
}
