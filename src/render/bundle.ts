import { isTable } from "../frame/arrow.ts";
import { isFrame, isSeries } from "../frame/danfo.ts";
import { DOCUMENT, type Document, type Preview } from "../frame/preview.ts";
import { type PreviewOptions, previewFrame } from "../frame/preview-frame.ts";
import { fitDocument } from "./fit.ts";
import { documentHtml } from "./html.ts";
import { inspectValue } from "./inspect.ts";
import { documentMarkdown } from "./markdown.ts";
import { type Bundle, MIME } from "./mime.ts";
import { documentText } from "./text.ts";

export type { Bundle } from "./mime.ts";
export { MIME } from "./mime.ts";

/** Bytes of a bundle that we write ourselves. */
export const BUNDLE_BYTES = 64 * 1024;

const DISPLAY = Symbol.for("Jupyter.display");

/**
 * Any value as a MIME bundle. Frames, series and Arrow tables become previews, reports and previews are rendered, objects with
 * `Symbol.for("Jupyter.display")` say themselves what they are, everything else is plain text.
 *
 * @example
 * toBundle(df).data["text/plain"];
 */
export function toBundle(value: unknown, options: PreviewOptions = {}): Bundle {
  const own = displayOf(value);
  if (own instanceof Promise) own.catch(() => undefined);
  else if (own) return ownBundle(own, value);
  return plainBundle(value, options);
}

/**
 * The same, for objects whose `Symbol.for("Jupyter.display")` is asynchronous as well, and for those that ask somebody for their own
 * report, as a query on a server does.
 *
 * @throws what making that report throws
 */
export async function toBundleAsync(value: unknown, options: PreviewOptions = {}): Promise<Bundle> {
  // A report that fails is the value's fault, as a query without its table is, and worth more than the plain form.
  if (hasReport(value)) return renderDocument(await value[DOCUMENT]());
  try {
    const own = await displayOf(value);
    if (own) return ownBundle(own, value);
  } catch {
    // A display method that fails leaves the plain form.
  }
  return plainBundle(value, options);
}

/** Whether a value makes its own report, which may take a while. */
export function hasReport(value: unknown): value is { [DOCUMENT](): Document | Promise<Document> } {
  try {
    return typeof value === "object" && value !== null && DOCUMENT in value;
  } catch {
    return false;
  }
}

function plainBundle(value: unknown, options: PreviewOptions): Bundle {
  if (isFrame(value) || isSeries(value) || isTable(value)) return renderPreview(previewFrame(value, options));
  if (isDocument(value)) return renderDocument(value);
  if (isPreview(value)) return renderPreview(value);
  return renderText(inspectValue(value));
}

/** A report in the three forms that every reader has one of. */
function renderDocument(document: Document): Bundle {
  const data = fitDocument(document, BUNDLE_BYTES, (fitted) => ({
    [MIME.html]: documentHtml(fitted),
    [MIME.markdown]: documentMarkdown(fitted),
    [MIME.text]: documentText(fitted),
  }));
  return { data, metadata: {} };
}

function renderPreview(preview: Preview): Bundle {
  return renderDocument({ blocks: [{ kind: "table", preview }] });
}

/** Plain text alone; what is past the limit of a bundle is left out, and the text says so. */
export function renderText(text: string): Bundle {
  return { data: { [MIME.text]: cutBytes(text) }, metadata: {} };
}

type OwnData = Readonly<Record<string, unknown>>;

function displayOf(value: unknown): OwnData | Promise<OwnData | undefined> | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    const display = (value as { [DISPLAY]?: unknown })[DISPLAY];
    const data: unknown = typeof display === "function" ? display.call(value) : undefined;
    return data instanceof Promise ? data.then(asData) : asData(data);
  } catch {
    return undefined;
  }
}

function asData(data: unknown): OwnData | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const names = Object.keys(data);
  return names.length > 0 && names.every((name) => name.includes("/")) ? (data as OwnData) : undefined;
}

function ownBundle(own: OwnData, value: unknown): Bundle {
  const entries = Object.entries(own)
    // JupyterLab would show the JSON in the place of the HTML.
    .filter(([name]) => name !== MIME.json || !(MIME.html in own))
    .map(([name, item]) => [name, item instanceof Uint8Array ? Buffer.from(item).toString("base64") : item]);
  const data = Object.fromEntries(entries) as Record<string, unknown>;
  return { data: MIME.text in data ? data : { ...data, [MIME.text]: cutBytes(inspectValue(value)) }, metadata: {} };
}

function cutBytes(text: string): string {
  if (Buffer.byteLength(text) <= BUNDLE_BYTES) return text;
  const note = "\n… cut: this output is longer than 64 KiB";
  const room = BUNDLE_BYTES - Buffer.byteLength(note);
  // A character cut in half at the end decodes to a replacement sign.
  return `${Buffer.from(text)
    .subarray(0, room)
    .toString()
    .replace(/\uFFFD+$/, "")}${note}`;
}

function isDocument(value: unknown): value is Document {
  const blocks = own(value, "blocks");
  return (
    Array.isArray(blocks) &&
    blocks.length > 0 &&
    blocks.every((block) => ["table", "text", "code"].includes(block?.kind))
  );
}

function isPreview(value: unknown): value is Preview {
  const [columns, rows] = [own(value, "columns"), own(value, "rows")];
  if (typeof own(value, "caption") !== "string" || !Array.isArray(columns) || !Array.isArray(rows)) return false;
  return columns.every((column) => column?.align !== undefined) && rows.every(Array.isArray);
}

/** A property of a plain object, without running a getter. */
function own(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Object.getOwnPropertyDescriptor(value, name)?.value;
  } catch {
    return undefined;
  }
}
