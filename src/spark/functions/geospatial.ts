import type { Column, ColumnOrName } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** The geography of well-known binary. */
export function st_geogfromwkb(wkb: ColumnOrName): Column {
  return invoke("st_geogfromwkb", wkb);
}

/** The geometry of well-known binary. */
export function st_geomfromwkb(wkb: ColumnOrName, srid?: ColumnOrName | number): Column {
  return invoke("st_geomfromwkb", wkb, srid);
}

/** A geometry or geography as well-known binary, `"NDR"` or `"XDR"`. */
export function st_asbinary(geo: ColumnOrName, endianness?: Column | string): Column {
  return invoke("st_asbinary", geo, value(endianness));
}

/** The number of the spatial reference system. */
export function st_srid(geo: ColumnOrName): Column {
  return invoke("st_srid", geo);
}

/** The same geometry in another spatial reference system. */
export function st_setsrid(geo: ColumnOrName, srid: ColumnOrName | number): Column {
  return invoke("st_setsrid", geo, srid);
}
