import { createHash } from "node:crypto";

/** Hash of a frozen plan; what an approval approves. Key order counts: plans are built, never merged. */
export function planHash(plan: object): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 32);
}
