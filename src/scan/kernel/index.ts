// What the scanner's TypeScript calls. One file one idea; the files know each other only by these functions.
export { alloc, brokenGuard, free, regrow, setLimit, usedBytes } from "./memory";
