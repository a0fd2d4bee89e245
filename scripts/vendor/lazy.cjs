"use strict";
/** The exports of a module that is loaded when the first of them is read; `early` answers for those that can be told before, or that it has not. */
exports.lazily = (load, early = {}) => {
  let loaded;
  return new Proxy(early, {
    get(_, name) {
      if (name === "__esModule") return true;
      if (loaded === undefined && Object.hasOwn(early, name)) return early[name];
      loaded ??= load();
      return name in loaded ? loaded[name] : early[name];
    },
  });
};
