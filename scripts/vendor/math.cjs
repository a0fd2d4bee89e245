"use strict";
const { lazily } = require("./lazy.cjs");

module.exports = lazily(() => require("./math.mjs"));
