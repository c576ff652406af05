import { gunzipSync, gzipSync } from "node:zlib";
import { BackupError } from "../errors.ts";
import { literal } from "../starrocks/quote.ts";
import { type Column, unreadable } from "./sql/column.ts";
import { kind } from "./sql/kinds.ts";

/** StarRocks' longest VARCHAR, in bytes. */
const longestText = 1_048_576;
const longestReadable = 256 * 1024;
const mark = "gzip:";

/**
 * What is stored of a plan: its JSON, which a person can read in the catalog, or that compressed where it is long.
 *
 * @throws {BackupError} `PLAN_TOO_LARGE`, beyond some ten thousand tables
 */
export function packPlan(json: string): string {
  if (Buffer.byteLength(json) <= longestReadable) return json;
  const packed = mark + gzipSync(json).toString("base64");
  if (packed.length <= longestText) return packed;
  throw new BackupError({
    code: "PLAN_TOO_LARGE",
    message: `The plan takes ${packed.length} bytes, more than the ${longestText} that a column of the catalog holds.`,
    next: "Do it in several runs of fewer tables each.",
  });
}

/** The plan's JSON. */
export function unpackPlan(stored: string): string {
  if (!stored.startsWith(mark)) return stored;
  return gunzipSync(Buffer.from(stored.slice(mark.length), "base64")).toString();
}

/** A column that holds a plan. */
export function planText(name: string, about: string): Column<object> {
  return kind<object, object>({
    ...{ name, about, type: `VARCHAR(${longestText})`, holds: "a plan as JSON" },
    read: (stored) => planOf(`${stored}`) ?? unreadable,
    write: (plan) => literal(packPlan(JSON.stringify(plan))),
  });
}

function planOf(stored: string): object | undefined {
  try {
    const plan: unknown = JSON.parse(unpackPlan(stored));
    return typeof plan === "object" && plan !== null ? plan : undefined;
  } catch {
    return undefined;
  }
}
