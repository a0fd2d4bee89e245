// The private Jupyter of this folder: its environment variables and its configuration.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Environment in which Jupyter reads and writes only below `.venv`, whatever the user has set. */
export function jupyterEnv(root) {
  const home = path.join(root, ".venv", "jupyter");
  const env = {
    ...process.env,
    JUPYTER_CONFIG_DIR: path.join(home, "config"),
    JUPYTER_DATA_DIR: path.join(home, "data"),
    JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: path.join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, "workspaces"),
    IPYTHONDIR: path.join(home, "ipython"),
    JUPYTER_PREFER_ENV_PATH: "1",
    OUTGROW_DATA_DIR: path.join(root, ".outgrow", "data"),
    OUTGROW_CACHE_DIR: path.join(root, ".outgrow", "cache"),
  };
  for (const name of ["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTHONPATH", "PYTHONHOME"]) delete env[name];
  return env;
}

/**
 * nbconvert's own filter lacks the tags of tables, so that "Export as HTML" shows them as text; its list is no setting, but the filter is.
 */
const EXPORT_RULES = { HTMLExporter: { filters: { clean_html: "outgrow_export.clean_html" } } };

export function writeJupyterConfig(venv) {
  const home = path.join(venv, "jupyter");
  for (const folder of ["config", "data", "runtime", "settings", "workspaces"])
    mkdirSync(path.join(home, folder), { recursive: true });
  const write = (file, value) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  };
  write(path.join(home, "config", "jupyter_nbconvert_config.json"), EXPORT_RULES);
  write(path.join(home, "config", "jupyter_server_config.json"), EXPORT_RULES);
  // No question about news at the first start.
  write(path.join(home, "settings", "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings"), {
    fetchNews: "false",
    checkForUpdates: false,
  });
}
