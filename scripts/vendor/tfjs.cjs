"use strict";
// TensorFlow takes 30 MB, and few of Danfo's methods use it. Danfo asks of whatever it is given whether it is a tensor.
const drawn = require("./drawn.cjs");
const { lazily } = require("./lazy.cjs");

let tensorflow;

/** Before TensorFlow is loaded nothing is a tensor. */
const Tensor = {
  [Symbol.hasInstance]: (value) => tensorflow !== undefined && value instanceof tensorflow.Tensor,
};

module.exports = lazily(
  () => {
    tensorflow = require("./tfjs.mjs");
    return tensorflow;
  },
  { Tensor, drawn },
);
