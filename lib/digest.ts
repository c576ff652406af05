import { createHash } from "node:crypto";

/** A short name for a long text, in hexadecimal digits; it tells texts apart and keeps no secret. */
export function digest(text: string, digits = 32): string {
  return createHash("md5").update(text).digest("hex").slice(0, digits);
}
