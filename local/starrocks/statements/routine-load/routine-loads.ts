import { analysisError, ddlError, noDatabase, unsupported } from "../../basics/errors.ts";
import { ok, type Result, textRows } from "../../basics/result.ts";
import { requireOn } from "../../engine/access.ts";
import { type Context, findTable, requireDatabase } from "../../engine/context.ts";
import {
  isRoutineLoadVisible,
  type RoutineLoadRow,
  routineLoadRow,
} from "../../information-schema/routine-loads.ts";
import type { RoutineLoad } from "../../metadata/routine-loads.ts";
import type { Tokens } from "../../sql/tokens.ts";

interface LoadName {
  readonly database: string;
  readonly name: string;
}

/** `[db.]name` */
function parseName(tokens: Tokens, { session }: Context): LoadName {
  const parts = tokens.qualifiedName();
  const database = parts.length > 1 ? parts.at(-2) : session.database;
  if (database === undefined) throw noDatabase();
  return { database, name: parts.at(-1) ?? "" };
}

/**
 * After `CREATE ROUTINE LOAD`: the job is kept and listed; it stands on a topic in which nothing comes. What it reads, and how, is
 * passed over.
 */
export async function createRoutineLoad(tokens: Tokens, context: Context): Promise<Result> {
  const { database: databaseName, name } = parseName(tokens, context);
  tokens.expect("ON");
  const table = tokens.qualifiedName().at(-1) ?? "";
  while (!tokens.isWord("FROM") && tokens.peek().kind !== "end") tokens.next();
  tokens.expect("FROM");
  const source = tokens.identifier();
  if (source.toUpperCase() !== "KAFKA") throw unsupported(`A routine load from ${source}`);
  while (tokens.peek().kind !== "end") tokens.next();
  return await context.cluster.change(async () => {
    const { cluster } = context;
    const database = requireDatabase(context, databaseName);
    const found = findTable(context, [databaseName, table]);
    requireOn(context, found.table, "INSERT");
    if (openLoads(context, database.id).some((one) => one.name === name))
      throw ddlError(`Name ${name} already used in db ${databaseName}`);
    const load: RoutineLoad = {
      id: cluster.catalog.newId(),
      dbId: database.id,
      tableId: found.table.id,
      name,
      state: "RUNNING",
      reason: "",
      createTime: cluster.now(),
      pauseTime: null,
      endTime: null,
    };
    cluster.routineLoads.put(load);
    cluster.catalog.touch("routine_load", load.id);
    return ok();
  });
}

/** Those that have not ended. */
function openLoads(context: Context, dbId: number): RoutineLoad[] {
  return context.cluster.routineLoads
    .all()
    .filter(
      (one) =>
        one.dbId === dbId && !["STOPPED", "CANCELLED"].includes(routineLoadRow(one, context).STATE ?? ""),
    );
}

type Change = Readonly<{ state: RoutineLoad["state"]; reason: (user: string) => string }>;

export const pauseRoutineLoad = changing({
  state: "PAUSED",
  reason: (user) => `ErrorReason{errCode = 100, msg='User ${user} pauses routine load job'}`,
});
export const resumeRoutineLoad = changing({ state: "RUNNING", reason: () => "" });
export const stopRoutineLoad = changing({
  state: "STOPPED",
  reason: (user) => `ErrorReason{errCode = 101, msg='User  ${user} stop routine load job'}`,
});

/** After `PAUSE ROUTINE LOAD` and the like: `FOR [db.]name`. */
function changing({ state, reason }: Change): (tokens: Tokens, context: Context) => Promise<Result> {
  return async (tokens, context) => {
    tokens.expect("FOR");
    const { database: databaseName, name } = parseName(tokens, context);
    tokens.expectEnd();
    const { cluster, session } = context;
    return await cluster.change(async () => {
      const database = requireDatabase(context, databaseName);
      const load = openLoads(context, database.id).find((one) => one.name === name);
      if (!load) throw ddlError(`There is not operable routine load job with name ${name}`);
      const table = cluster.catalog.relationById(load.tableId);
      if (table) requireOn(context, table, "INSERT");
      load.state = state;
      load.reason = reason(session.user);
      load.pauseTime = state === "PAUSED" ? cluster.now() : null;
      load.endTime = state === "STOPPED" ? cluster.now() : null;
      cluster.catalog.touch("routine_load", load.id);
      return ok();
    });
  };
}

/** As SHOW ROUTINE LOAD names and orders what the view of information_schema has (§16). */
const shown: readonly (readonly [name: string, column: keyof RoutineLoadRow])[] = [
  ["Id", "ID"],
  ["Name", "NAME"],
  ["CreateTime", "CREATE_TIME"],
  ["PauseTime", "PAUSE_TIME"],
  ["EndTime", "END_TIME"],
  ["DbName", "DB_NAME"],
  ["TableName", "TABLE_NAME"],
  ["State", "STATE"],
  ["DataSourceType", "DATA_SOURCE_TYPE"],
  ["CurrentTaskNum", "CURRENT_TASK_NUM"],
  ["JobProperties", "JOB_PROPERTIES"],
  ["DataSourceProperties", "DATA_SOURCE_PROPERTIES"],
  ["CustomProperties", "CUSTOM_PROPERTIES"],
  ["Statistic", "STATISTICS"],
  ["Progress", "PROGRESS"],
  ["TimestampProgress", "TIMESTAMP_PROGRESS"],
  ["ReasonOfStateChanged", "REASONS_OF_STATE_CHANGED"],
  ["ErrorLogUrls", "ERROR_LOG_URLS"],
  ["TrackingSQL", "TRACKING_SQL"],
  ["OtherMsg", "OTHER_MSG"],
  ["LatestSourcePosition", "LATEST_SOURCE_POSITION"],
  ["OffsetLag", "OFFSET_LAG"],
];

/** After `SHOW ROUTINE LOAD` or `SHOW ALL ROUTINE LOAD`, which has those that have ended as well. */
export async function showRoutineLoads(tokens: Tokens, context: Context, all: boolean): Promise<Result> {
  const named = tokens.accept("FOR") ? tokens.qualifiedName() : undefined;
  const from = tokens.accept("FROM") ? tokens.identifier() : undefined;
  tokens.expectEnd();
  const name = named?.at(-1);
  const database = requireDatabase(context, from ?? (named && named.length > 1 ? named.at(-2) : undefined));
  const open = new Set(openLoads(context, database.id));
  const found = context.cluster.routineLoads
    .all()
    .filter((one) => one.dbId === database.id && (all || open.has(one)))
    .filter((one) => (name === undefined || one.name === name) && isRoutineLoadVisible(one, context));
  if (name !== undefined && found.length === 0)
    throw analysisError(
      `There is no running job named ${name} in db ${database.name}. Include history? ${all}, you can try \`show all routine load job for job_name\` if you want to list stopped and cancelled jobs`,
    );
  return textRows(
    shown.map(([title]) => title),
    found.map((one) => {
      const row = routineLoadRow(one, context);
      return shown.map(([, column]) => {
        const cell = row[column];
        return cell === null ? "" : String(cell);
      });
    }),
  );
}
