// For an optional package: the one that asks catches this and goes on without it.
throw Object.assign(new Error("not bundled"), { code: "MODULE_NOT_FOUND" });
