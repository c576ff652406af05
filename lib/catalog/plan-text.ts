import { gunzipSync, gzipSync } from "node:zlib";

/** A plan of very many tables or parts would not fit: StarRocks' longest VARCHAR takes 1,048,576 bytes. */
const longestReadable = 256 * 1024;
const mark = "gzip:";

/** What is stored of a plan: its JSON, which a person can read in the catalog, or that compressed where it is long. */
export function packPlan(json: string): string {
  if (Buffer.byteLength(json) <= longestReadable) return json;
  return mark + gzipSync(json).toString("base64");
}

/** The plan's JSON. */
export function unpackPlan(stored: string): string {
  if (!stored.startsWith(mark)) return stored;
  return gunzipSync(Buffer.from(stored.slice(mark.length), "base64")).toString();
}
