import { analysisError, ddlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { translateQuery } from "../../duckdb/translate/query.ts";
import { requireOn } from "../../engine/access.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import type { Relation, Table } from "../../metadata/model.ts";
import { parseProperties } from "../../sql/create-table.ts";
import { parseQuery } from "../../sql/query.ts";
import { Tokens } from "../../sql/tokens.ts";
import { renameWithPartition } from "../../storage/partitions.ts";
import { translation } from "../query/translation.ts";
import { findMaterializedView } from "./materialized-view.ts";

const manual = "user use alter materialized view set status to inactive";

/** §11: what happened to a table makes the materialized views on it inactive. */
export function inactivateViewsOn({ catalog }: Cluster, base: Relation, reason: string): void {
  for (const view of catalog.allTables()) {
    if (!view.materialized?.baseTables.includes(base.id) || view.materialized.inactiveReason !== "") continue;
    view.materialized.inactiveReason = reason;
    catalog.touch("relation", view.id);
  }
}

/** After `ALTER MATERIALIZED VIEW`. */
export async function alterMaterializedView(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  const change = parseChange(tokens);
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const view = findMaterializedView(context, name);
    requireOn(context, view, "ALTER");
    change(context, view);
    context.cluster.catalog.touch("relation", view.id);
    return ok();
  });
}

type Change = (context: Context, view: Table) => void;

function parseChange(tokens: Tokens): Change {
  if (tokens.accept("ACTIVE")) return activate;
  if (tokens.accept("INACTIVE")) return (_context, view) => setReason(view, manual);
  if (tokens.accept("SET")) {
    const properties = parseProperties(tokens);
    return (_context, view) => {
      Object.assign(view.properties, properties);
    };
  }
  if (tokens.accept("RENAME")) {
    const fresh = tokens.identifier();
    return (context, view) => rename(context, view, fresh);
  }
  tokens.expect("SWAP", "WITH");
  const other = tokens.identifier();
  return (context, view) => swap(context, view, other);
}

function setReason(view: Table, reason: string): void {
  if (view.materialized) view.materialized.inactiveReason = reason;
}

/** The query is analysed again, by names; the tables found now are the ones it depends on. */
function activate(context: Context, view: Table): void {
  const database = context.cluster.catalog.databaseById(view.dbId);
  if (!view.materialized || view.materialized.inactiveReason === "") return;
  const session = { ...context.session, database: database?.name };
  const self = translation({ ...context, session }, true);
  try {
    translateQuery(parseQuery(new Tokens(view.materialized.sql)), self);
  } catch (error) {
    throw analysisError(
      `Can not active materialized view [${view.name}] because analyze materialized view define sql: \n\n${view.materialized.sql}\n\nCause an error: ${
        error instanceof Error ? error.message : String(error)
      }`,
    );
  }
  view.materialized.baseTables = [...self.sources];
  setReason(view, "");
}

function rename({ cluster }: Context, view: Table, fresh: string): void {
  const database = cluster.catalog.databaseById(view.dbId);
  if (database && cluster.catalog.relation(database, fresh))
    throw ddlError(`Materialized view [${fresh}] is already used`);
  renameWithPartition(cluster, [[view, fresh]]);
}

/** §11: both must be materialized views. */
function swap({ cluster }: Context, view: Table, otherName: string): void {
  const database = cluster.catalog.databaseById(view.dbId);
  const other = database && cluster.catalog.relation(database, otherName);
  if (other?.kind !== "table" || !other.materialized)
    throw ddlError("Materialized view can only SWAP WITH materialized view");
  renameWithPartition(cluster, [
    [view, other.name],
    [other, view.name],
  ]);
}
