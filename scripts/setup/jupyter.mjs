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

/** nbconvert's default list lacks the tags of every table, so that "Export as HTML" shows them as text. */
const EXPORT_TAGS = [
  "a",
  "abbr",
  "b",
  "blockquote",
  "br",
  "caption",
  "code",
  "col",
  "colgroup",
  "dd",
  "details",
  "div",
  "dl",
  "dt",
  "em",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "i",
  "img",
  "li",
  "meter",
  "ol",
  "p",
  "pre",
  "progress",
  "s",
  "small",
  "span",
  "strong",
  "sub",
  "summary",
  "sup",
  "table",
  "tbody",
  "td",
  "tfoot",
  "th",
  "thead",
  "tr",
  "ul",
];

const EXPORT_ATTRIBUTES = {
  "*": ["class", "title", "dir"],
  a: ["href"],
  img: ["src", "alt", "width", "height"],
  td: ["colspan", "rowspan", "style", "headers"],
  th: ["colspan", "rowspan", "scope", "style", "headers", "abbr"],
  div: ["style"],
  progress: ["value", "max"],
  meter: ["value", "min", "max"],
  details: ["open"],
  ol: ["start"],
};

export function writeJupyterConfig(venv) {
  const home = path.join(venv, "jupyter");
  for (const folder of ["config", "data", "runtime", "settings", "workspaces"])
    mkdirSync(path.join(home, folder), { recursive: true });
  const write = (file, value) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  };
  const exportRules = {
    SanitizeHTML: {
      tags: EXPORT_TAGS,
      attributes: EXPORT_ATTRIBUTES,
      styles: ["text-align", "white-space", "overflow-x", "max-height"],
    },
  };
  write(path.join(home, "config", "jupyter_nbconvert_config.json"), exportRules);
  write(path.join(home, "config", "jupyter_server_config.json"), exportRules);
  // No question about news at the first start.
  write(path.join(home, "settings", "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings"), {
    fetchNews: "false",
    checkForUpdates: false,
  });
}
