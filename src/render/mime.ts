/** The MIME names that Outgrow writes. */
export const MIME = {
  text: "text/plain",
  html: "text/html",
  markdown: "text/markdown",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  latex: "text/latex",
  javascript: "application/javascript",
  widget: "application/vnd.jupyter.widget-view+json",
  vegaLite: "application/vnd.vegalite.v5+json",
} as const;

/** What a front end is sent: one value in several forms, of which it picks the first that it can show. */
export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}
