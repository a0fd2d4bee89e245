// The keeper's own process: node keeper-main.js FOLDER KEY. It leaves the session of whoever started it.
import { runKeeper } from "./keeper.ts";

const [folder = "", key = ""] = process.argv.slice(2);
const keeper = await runKeeper(folder, key);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void keeper?.stop());
// A terminal that closes takes its programs along, but other kernels may hold leases.
process.on("SIGHUP", () => undefined);
