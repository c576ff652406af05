import type { Document } from "./document.ts";
import { html } from "./html.ts";

/**
 * The keys that make Windmill show a document instead of a result's raw JSON. They stand beside the keys for programs;
 * a result of one key only, `{html}`, needs no `wm_renderer`.
 */
export function shown(document: Document) {
  return { wm_renderer: "html", html: html(document) } as const;
}
