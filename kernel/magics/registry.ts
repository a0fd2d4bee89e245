import type { MagicTable } from "../cell/magic-call.ts";
import { cd } from "./cd.ts";
import { chunked } from "./chunked.ts";
import { env } from "./env.ts";
import { head } from "./head.ts";
import { history } from "./history.ts";
import { load } from "./load.ts";
import { lsmagic } from "./lsmagic.ts";
import type { MagicDefinition } from "./magic.ts";
import { memory } from "./memory.ts";
import { npm } from "./npm.ts";
import { profile } from "./profile.ts";
import { profileCell } from "./profile-cell.ts";
import { reset } from "./reset.ts";
import { sh } from "./sh.ts";
import { spark } from "./spark.ts";
import { sparkConfig } from "./spark-config.ts";
import { sparkSql } from "./spark-sql.ts";
import { time } from "./time.ts";
import { typecheck } from "./typecheck.ts";
import { who, whos } from "./who.ts";

/**
 * Every magic, in the order in which help and README show them. Definitions are data; `run` loads what it needs. `%%spark` and `%%profile` are
 * other magics than `%spark` and `%profile`, and stand under both their signs: see `findMagic`.
 */
export const magics: ReadonlyMap<string, MagicDefinition> = new Map(
  [
    head,
    profile,
    profileCell,
    chunked,
    sparkConfig,
    spark,
    sparkSql,
    time,
    who,
    whos,
    memory,
    typecheck,
    cd,
    env,
    sh,
    npm,
    load,
    history,
    reset,
    lsmagic(() => magics.values()),
  ].map((magic) => [magic === sparkSql || magic === profileCell ? `%%${magic.name}` : magic.name, magic]),
);

/** What the cell splitter must know of them. */
export const magicTable: MagicTable = magics;
