import { randomBytes } from "node:crypto";
import { packageVersion } from "../../src/paths.ts";
import { MIME } from "../../src/render/bundle.ts";
import { displayBundle } from "./display.ts";

/** What notebooks written for tslab import as `tslab`: its documented display functions, shown by this kernel. */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

export const versions: { readonly tslab: string; readonly typescript: string; readonly node: string } = {
  tslab: `outgrow ${packageVersion()}`,
  typescript: "7",
  node: process.version,
};

export const display: Display = createDisplay(undefined);

/** A display whose every call overwrites the one before. */
export function newDisplay(): Display {
  return createDisplay(randomBytes(8).toString("hex"));
}

function createDisplay(displayId: string | undefined): Display {
  let shown = false;
  const raw = (contentType: string, content: string | Uint8Array): void => {
    const data = typeof content === "string" ? content : Buffer.from(content).toString("base64");
    displayBundle({ [contentType]: data }, { displayId, update: shown });
    shown = displayId !== undefined;
  };
  const as = (contentType: string) => (content: string | Uint8Array) => raw(contentType, content);
  return {
    javascript: as("text/javascript"),
    html: as(MIME.html),
    markdown: as(MIME.markdown),
    latex: as(MIME.latex),
    svg: as(MIME.svg),
    png: as(MIME.png),
    jpeg: as(MIME.jpeg),
    gif: as(MIME.gif),
    pdf: as(MIME.pdf),
    text: as(MIME.text),
    raw,
  };
}
