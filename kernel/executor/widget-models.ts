import { type Comm, comms } from "./comms.ts";
import { pack } from "./widget-state.ts";

interface Model {
  values(): Readonly<Record<string, unknown>>;
}

const TARGET = "jupyter.widget.control";

const models = new Map<string, Model>();
let isOffered = false;

/** Held until it is closed: a front end that opens the notebook again asks for all of them. */
export function keepModel(id: string, model: Model): void {
  models.set(id, model);
  if (!isOffered) comms.offer(TARGET, (comm) => comm.onMessage(({ data }) => answer(comm, data.method)));
  isOffered = true;
}

export function forgetModel(id: string): void {
  models.delete(id);
}

function answer(comm: Comm, method: unknown): void {
  if (method !== "request_states") return;
  const all = Object.fromEntries([...models].map(([id, model]) => [id, entryOf(model.values())]));
  const { state: states, paths, buffers } = pack(all);
  comm.send({ method: "update_states", states, buffer_paths: paths }, { buffers });
}

function entryOf(state: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { _model_name: model_name, _model_module: model_module, _model_module_version: model_module_version } = state;
  return { model_name, model_module, model_module_version, state };
}
