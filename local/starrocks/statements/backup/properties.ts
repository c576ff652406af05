import { commonErrorAnalyzed } from "../../basics/errors.ts";

const dayMs = 86_400_000;

/** §1.3: seconds, at least ten minutes. */
export function timeoutMs(properties: Readonly<Record<string, string>>): number {
  const text = properties["timeout"];
  if (text === undefined) return dayMs;
  if (!/^-?\d+$/.test(text)) throw commonErrorAnalyzed(`Invalid timeout format: ${text}`);
  if (Number(text) < 600) throw commonErrorAnalyzed("timeout must be at least 10 min");
  return Number(text) * 1000;
}

export function checkKnown(
  kind: "backup" | "restore",
  properties: Readonly<Record<string, string>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(properties).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw commonErrorAnalyzed(`Unknown ${kind} job properties: [${unknown.join(", ")}]`);
}
