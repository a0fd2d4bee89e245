// What Danfo needs of TensorFlow: the tensors, and the plain JavaScript backend.

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu/dist/backend_cpu";
import { registerBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu/dist/register_all_kernels";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";

export * from "@tensorflow/tfjs-core";

registerBackend(
  "cpu",
  () => {
    const backend = new MathBackendCPU();
    // Otherwise the first operation prints an advertisement for tfjs-node into the notebook.
    backend.firstUse = false;
    return backend;
  },
  1,
);
