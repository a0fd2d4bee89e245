// Dates and times in a declared strftime format.
import { dayOf, isLeap, NO_DAY } from "./calendar";
import { foundName, readMonthName, readWeekdayName } from "./date-names";
import { digitAt, isDigit } from "./iso-day";
import { readZone, zoneSeconds } from "./zones";

let format: usize = 0;
let formatTo: usize = 0;
export let hasDateFormat: bool = false;

/** The pattern must stay where it is; a length of 0 means ISO. */
export function setDateFormat(pattern: usize, length: i32): void {
  format = pattern;
  formatTo = pattern + length;
  hasDateFormat = length > 0;
}

/** What readFormatted has read. */
export let formattedDay: i32 = 0;
export let formattedMicros: i64 = 0;
export let formattedZoned: bool = false;

let year: i32 = 0;
let month: i32 = 0;
let day: i32 = 0;
let dayOfYear: i32 = 0;
let hour: i32 = 0;
let half: i32 = 0;
let minute: i32 = 0;
let second: i32 = 0;
let micros: i32 = 0;
let zone: i32 = 0;

/** Reads a text by the format; false when it does not fit, or names no day that there is. */
export function readFormatted(from: usize, to: usize): bool {
  year = 1900;
  month = day = 1;
  dayOfYear = hour = minute = second = micros = zone = 0;
  half = -1;
  formattedZoned = false;
  let at = from;
  for (let sign = format; sign < formatTo; sign++) {
    if (load<u8>(sign) != 37) {
      if (at >= to || load<u8>(at) != load<u8>(sign)) return false;
      at++;
      continue;
    }
    sign++;
    // %-d reads the same as %d.
    if (load<u8>(sign) == 45) sign++;
    at = readPart(load<u8>(sign), at, to);
    if (!at) return false;
  }
  return at == to && finish();
}

function finish(): bool {
  if (half >= 0) {
    if (hour < 1 || hour > 12) return false;
    hour = (hour % 12) + half * 12;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  formattedDay = dayOf(year, month, day);
  if (dayOfYear > (isLeap(year) ? 366 : 365)) return false;
  if (dayOfYear > 0) formattedDay = dayOf(year, 1, 1) + dayOfYear - 1;
  if (formattedDay == NO_DAY) return false;
  formattedMicros = <i64>(hour * 3600 + minute * 60 + second - zone) * 1000000 + micros;
  return true;
}

/** Reads what one letter stands for, and gives the place behind it; 0 when it is not there. */
function readPart(letter: u8, at: usize, to: usize): usize {
  switch (letter) {
    case 89: { // Y
      const end = readNumber(at, to, 4);
      year = number;
      // Of a year with fewer digits nobody knows the century, and zeros before them do not tell it.
      return year >= 1000 ? end : 0;
    }
    case 121: // y
      at = readNumber(at, to, 2);
      year = number < 69 ? 2000 + number : 1900 + number;
      return at;
    case 109: // m
      at = readNumber(at, to, 2);
      month = number;
      return at;
    case 100: // d
      at = readNumber(at, to, 2);
      day = number;
      return at;
    case 106: // j
      at = readNumber(at, to, 3);
      dayOfYear = number;
      return number > 0 ? at : 0;
    case 72: // H
    case 73: // I
      at = readNumber(at, to, 2);
      hour = number;
      if (letter == 73 && half < 0) half = 0;
      return at;
    case 77: // M
      at = readNumber(at, to, 2);
      minute = number;
      return at;
    case 83: // S
      at = readNumber(at, to, 2);
      second = number;
      return at;
    case 112: // p
      return readHalf(at, to);
    case 102: // f
      return readFraction(at, to, 6);
    case 103: // g
      return readFraction(at, to, 3);
    case 110: // n
      return readFraction(at, to, 9);
    case 98: // b
    case 66: // B
      at = readMonthName(at, to, letter == 66);
      month = foundName + 1;
      return at;
    case 97: // a
    case 65: // A
      return readWeekdayName(at, to, letter == 65);
    case 122: // z
      return readOffset(at, to);
    case 37:
      return at < to && load<u8>(at) == 37 ? at + 1 : 0;
    default:
      return 0;
  }
}

let number: i32 = 0;

function readNumber(at: usize, to: usize, most: usize): usize {
  const from = at;
  number = 0;
  for (; at < to && isDigit(at) && at - from < most; at++) number = number * 10 + digitAt(at);
  return at > from ? at : 0;
}

/** Decimals of a second. */
function readFraction(at: usize, to: usize, most: usize): usize {
  const from = at;
  micros = 0;
  let unit = 100000;
  for (; at < to && isDigit(at) && at - from < most; at++) {
    micros += digitAt(at) * unit;
    unit /= 10;
  }
  return at > from ? at : 0;
}

function readHalf(at: usize, to: usize): usize {
  if (at + 2 > to || (load<u8>(at, 1) | 32) != 109) return 0;
  const letter = load<u8>(at) | 32;
  if (letter != 97 && letter != 112) return 0;
  half = letter == 112 ? 1 : 0;
  return at + 2;
}

/** The zone is the longest stretch of its letters. */
function readOffset(at: usize, to: usize): usize {
  let end = at;
  while (end < to && (isDigit(end) || load<u8>(end) == 43 || load<u8>(end) == 45 || load<u8>(end) == 58 || load<u8>(end) == 90)) end++;
  if (end == at || !readZone(at, end)) return 0;
  zone = zoneSeconds;
  formattedZoned = true;
  return end;
}
