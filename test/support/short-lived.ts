import { fileURLToPath } from "node:url";

/** What `SPARK_CONF_DIR` names for servers of a test's own, which live for some seconds. */
export const SHORT_LIVED = fileURLToPath(new URL("./short-lived", import.meta.url));
