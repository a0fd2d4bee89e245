import type { MagicTable } from "../cell/magic-call.ts";
import { cd } from "./cd.ts";
import { chunked } from "./chunked.ts";
import { env } from "./env.ts";
import { head } from "./head.ts";
import { lsmagic } from "./lsmagic.ts";
import type { MagicDefinition } from "./magic.ts";
import { profile } from "./profile.ts";
import { reset } from "./reset.ts";
import { sh } from "./sh.ts";
import { spark } from "./spark.ts";
import { sparkConfig } from "./spark-config.ts";
import { sparkSql } from "./spark-sql.ts";
import { time } from "./time.ts";
import { typecheck } from "./typecheck.ts";
import { who, whos } from "./who.ts";

/**
 * Every magic, in the order in which help and README show them. Definitions are data; `run` loads what it needs. `%%spark` is another
 * magic than `%spark`, and stands under both its signs: see `findMagic`.
 */
export const magics: ReadonlyMap<string, MagicDefinition> = new Map(
  [
    head,
    profile,
    chunked,
    sparkConfig,
    spark,
    sparkSql,
    time,
    who,
    whos,
    typecheck,
    cd,
    env,
    sh,
    reset,
    lsmagic(() => magics.values()),
  ].map((magic) => [magic === sparkSql ? `%%${magic.name}` : magic.name, magic]),
);

/** What the cell splitter must know of them. */
export const magicTable: MagicTable = magics;
