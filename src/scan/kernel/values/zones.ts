// The end of a timestamp that names its zone.
import { digitAt, isDigit } from "./iso-day";

/** Seconds that the local time of the zone is ahead of UTC. */
export let zoneSeconds: i32 = 0;

/** Reads Z, +hh, +hhmm, +hh:mm or +hh:mm:ss up to the end of the text; false for anything else. */
export function readZone(at: usize, to: usize): bool {
  zoneSeconds = 0;
  const sign = load<u8>(at);
  if (sign == 90) return at + 1 == to;
  if (sign != 43 && sign != 45) return false;
  at++;
  let seconds = 0;
  let unit = 3600;
  for (let part = 0; part < 3; part++) {
    if (at + 2 > to || !isDigit(at) || !isDigit(at + 1)) return false;
    const number = digitAt(at) * 10 + digitAt(at + 1);
    if (number > (part == 0 ? 23 : 59)) return false;
    seconds += number * unit;
    unit /= 60;
    at += 2;
    if (at == to) {
      zoneSeconds = sign == 45 ? -seconds : seconds;
      return true;
    }
    if (load<u8>(at) == 58) at++;
    else if (part > 0) return false;
  }
  return false;
}
