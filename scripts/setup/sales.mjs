// The tutorials' data: the same bytes on every machine, users repeated all over the file.
import { once } from "node:events";
import { createWriteStream, renameSync } from "node:fs";

const ROWS = 1_200_000;
const CATEGORIES = ["books", "garden", "games", "kitchen", "music", "office", "outdoor", "pets", "sports", "toys"];
const CITIES = [
  "Berlin",
  "Bogotá",
  "Lagos",
  "Lima",
  "Lisbon",
  "Mumbai",
  "Nairobi",
  "Osaka",
  "Paris",
  "Québec",
  "São Paulo",
  "Toronto",
];
const NOTES = ["", "", "", "", "", "", "gift", "first order", '"late, refunded"', '"said ""thanks"""'];

/** Writes `order_id, user_id, category, amount, at, city, note`, about 75 MB; whole or not at all. */
export async function writeSales(file, rows = ROWS) {
  const partial = `${file}.partial`;
  const out = createWriteStream(partial);
  const random = mulberry32(20_261_124);
  let text = "order_id,user_id,category,amount,at,city,note\n";
  for (let row = 0; row < rows; row++) {
    text += line(row, random);
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  }
  out.end(text);
  await once(out, "close");
  renameSync(partial, file);
}

function line(row, random) {
  const user = 1 + Math.floor(random() ** 2 * 40_000);
  const category = CATEGORIES[Math.floor(random() ** 1.5 * CATEGORIES.length)];
  const cents = 99 + Math.floor(random() ** 3 * 50_000);
  const amount = random() < 0.01 ? "" : `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const at = new Date(1_735_689_600_000 + row * 26_000 + Math.floor(random() * 20_000)).toISOString().slice(0, 19);
  const city = CITIES[Math.floor(random() * CITIES.length)];
  const note = NOTES[Math.floor(random() * NOTES.length)];
  return `${100_000 + row},${user},${category},${amount},${at},${city},${note}\n`;
}

/** A small generator of uniform numbers in 0..1 (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
