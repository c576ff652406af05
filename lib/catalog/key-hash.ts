import { createHash } from "node:crypto";

/** Key of a manifest row: names can exceed the 128 bytes of a primary key, their hash cannot. */
export function keyHash(...parts: readonly string[]): string {
  return createHash("md5").update(parts.join("|")).digest("hex");
}
