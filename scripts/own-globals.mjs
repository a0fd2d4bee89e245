// Put into every file of dist/ by the build: globals as they were when the process started. A cell may set its own, as fake timers do, and what runs
// the cells must go on with the true ones.

import timers from "node:timers";

const { Error: OwnError, Promise: OwnPromise, performance, process, queueMicrotask, structuredClone } = globalThis;
const { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = timers;
const json = Object.freeze({ parse: JSON.parse, stringify: JSON.stringify });

export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  json as JSON,
  OwnError as Error,
  OwnPromise as Promise,
  performance,
  process,
  queueMicrotask,
  setImmediate,
  setInterval,
  setTimeout,
  structuredClone,
};
