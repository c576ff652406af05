import { z } from "zod";
import { SqlError, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import { setFrontendConfig } from "../../engine/frontend-config.ts";
import { parseProperties } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** What a knob does with the text it is set to; an empty text puts it back. */
type Knob = (cluster: Cluster, text: string) => void | Promise<void>;

const statusCodes = [
  "NOT_FOUND",
  "TIMEOUT",
  "COMMON_ERROR",
  "OLAP_VERSION_ALREADY_MERGED",
  "UNSUPPORTED",
  "BAD_REPLACE",
] as const;

const fault = z.strictObject({
  match: z.string().transform((text) => new RegExp(text, "i")),
  times: z.int().positive().default(1),
  delayMs: z.int().nonnegative().optional(),
  error: z
    .strictObject({ code: z.int(), state: z.string().length(5).default("HY000"), message: z.string() })
    .optional(),
  drop: z.enum(["before", "after"]).optional(),
});
const failJob = z.strictObject({
  state: z.string(),
  code: z.enum(statusCodes).default("COMMON_ERROR"),
  message: z.string(),
});
const stallJob = z.strictObject({ label: z.string().optional(), message: z.string().optional() });

function parse<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) throw new SqlError(`Not a value of this knob: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SqlError(`Not JSON: ${String(error)}`);
  }
}

/** An object without its keys that say nothing, as optional properties want it. */
const present = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const number = (text: string): number => parse(z.coerce.number().int(), text === "" ? "0" : text);
const flag = (text: string): boolean => parse(z.boolean(), text === "" ? "false" : text.toLowerCase());

const knobs: Readonly<Record<string, Knob>> = {
  "embedded.fault": ({ faults }, text) => {
    if (text === "") faults.clear();
    else faults.add(present(parse(fault, text)));
  },
  "embedded.fail_job": (cluster, text) => {
    cluster.knobs.failJob = text === "" ? undefined : parse(failJob, text);
  },
  "embedded.stall_job": (cluster, text) => {
    cluster.knobs.stallJob = text === "" ? undefined : present(parse(stallJob, text));
  },
  "embedded.restart_at": (cluster, text) => {
    cluster.knobs.restartAt = text === "" ? undefined : text;
  },
  "embedded.next_version_gap": (cluster, text) => {
    cluster.knobs.nextVersionGap = number(text);
  },
  "embedded.clock_offset_ms": (cluster, text) => {
    cluster.knobs.clockOffsetMs = number(text);
  },
  "embedded.submit_lock_held": (cluster, text) => {
    cluster.knobs.submitLockHeld = flag(text);
  },
  "embedded.stale_statistics": (cluster, text) => {
    cluster.knobs.staleStatistics = flag(text);
  },
  "embedded.show_times_in_utc8": (cluster, text) => {
    cluster.knobs.showTimesInUtc8 = flag(text);
  },
  "embedded.follower": (cluster, text) => {
    cluster.knobs.follower = flag(text);
  },
  "embedded.compaction": ({ publishing }, text) => {
    publishing.compaction = text === "" || flag(text);
  },
  "embedded.publish_held": async ({ publishing }, text) => {
    if (flag(text)) publishing.hold();
    else await publishing.release();
  },
  /** `db.table` becomes a shared-data table: neither read nor written nor backed up (§1.5). */
  "embedded.cloud_native": ({ catalog }, text) => {
    const [databaseName = "", name = ""] = text.split(".");
    const database = catalog.database(databaseName);
    const table = database && catalog.relation(database, name);
    if (table?.kind !== "table") throw new SqlError(`There is no table ${text}`);
    table.engine = "CLOUD_NATIVE";
    catalog.touch("relation", table.id);
  },
  "embedded.dead_backends": ({ deadBackends }, text) => {
    deadBackends.clear();
    for (const id of text.split(",").filter((part) => part.trim() !== "")) deadBackends.add(number(id));
  },
};

/** After `ADMIN SET FRONTEND CONFIG`: the knobs of the embedded server, and the few configs of the FE that work here. */
export async function setConfig(tokens: Tokens, context: Context): Promise<Result> {
  const properties = parseProperties(tokens);
  tokens.expectEnd();
  requireSystem(context, "OPERATE");
  for (const [key, text] of Object.entries(properties)) {
    const knob = knobs[key];
    if (knob) await knob(context.cluster, text.trim());
    else if (key.startsWith("embedded.")) throw unsupported(`The knob ${key}`);
    else setFrontendConfig(context.cluster, key, text.trim());
  }
  return ok();
}
