import { analysisErrorAt, SqlError, unknownTable, unsupported } from "../../basics/errors.ts";
import { atLeast, buildVersion } from "../../basics/versions.ts";
import { quoteName } from "../../duckdb/duck.ts";
import type { TranslateContext } from "../../duckdb/translate/context.ts";
import { translateQuery, typedQuery } from "../../duckdb/translate/query.ts";
import type { Columns } from "../../duckdb/translate/scope.ts";
import { sortOf } from "../../duckdb/translate/sorts.ts";
import { requireOn } from "../../engine/access.ts";
import { type Context, findRelation } from "../../engine/context.ts";
import { readVariable } from "../../engine/variables.ts";
import { informationSchema, sysSource } from "../../information-schema/views.ts";
import type { Column, Table, View } from "../../metadata/model.ts";
import { parseQuery } from "../../sql/query.ts";
import type { Expr, TableRef } from "../../sql/query-ast.ts";
import { Tokens } from "../../sql/tokens.ts";
import { physicalIds } from "../../storage/partitions.ts";
import { columnList, dataTable, inPartitions, partitionColumn } from "../../storage/rows.ts";

/** Remembers which LARGEINT sources a query touches: DuckDB's sums of BIGINT are wide too, StarRocks' are not. */
export type Translation = TranslateContext & {
  wide: boolean;
  /** Ids of the tables and views read. */
  readonly sources: Set<number>;
  /** Columns of the tables and views read, by name as written. */
  readonly reads: Map<string, readonly string[]>;
  /** The table an UPDATE or DELETE changes: reading it takes no SELECT privilege. */
  target(ref: TableRef): string;
};

/**
 * `trusted`: inside a view, whose reader needs no privilege on what is below (SECURITY NONE). `known`: columns a view
 * knows of what it reads; those added since are not there for it.
 */
export function translation(context: Context, trusted = false, known: View["reads"] = {}): Translation {
  const self: Translation = {
    session: context.session,
    now: context.cluster.now(),
    buildVersion: buildVersion(context.cluster.options.version),
    wide: false,
    sources: new Set(),
    reads: new Map(),
    table: (ref) => knownColumns(ref, tableSource(ref, context, self, trusted), known),
    columns: (ref) => columnsOf(ref, context, known),
    target: (ref) => tableSource(ref, context, self, true),
    variable: (name) => variableExpr(name, context),
    query: (query, outer) => typedQuery(query, self, outer),
  };
  return self;
}

function variableExpr(name: string, context: Context): Expr {
  if (!name.startsWith("@@")) {
    const value = context.session.userVariables.get(name.slice(1).toLowerCase());
    return value === undefined || value === null ? { kind: "null" } : { kind: "string", value };
  }
  const value = readVariable(name, context.session, context.cluster);
  return /^\d+$/.test(value) ? { kind: "number", text: value } : { kind: "string", value };
}

function knownColumns(ref: TableRef, source: string, known: View["reads"]): string {
  const columns = known[ref.name.join(".")];
  return columns ? `(SELECT ${columns.map(quoteName).join(", ")} FROM ${source})` : source;
}

const databaseOf = (ref: TableRef, context: Context): string | undefined =>
  (ref.name.length === 1 ? context.session.database : ref.name[0])?.toLowerCase();

const inInformationSchema = (ref: TableRef, context: Context): boolean =>
  databaseOf(ref, context) === "information_schema";

const inSys = (ref: TableRef, context: Context): boolean => databaseOf(ref, context) === "sys";

const selected = (database: string, name: string) => unknownTable(`${database}.${name}`);

function columnsOf(ref: TableRef, context: Context, known: View["reads"]): Columns | undefined {
  if (inInformationSchema(ref, context) || inSys(ref, context)) return undefined;
  const names = known[ref.name.join(".")];
  const { columns } = findRelation(context, ref.name, selected).relation;
  return sortedColumns(columns.filter(({ name }) => names === undefined || names.includes(name)));
}

/** Columns as a translation knows them. */
export const sortedColumns = (columns: readonly Column[]): Columns =>
  columns.map(({ name, type }) => ({ name, sort: sortOf(type.name) }));

function tableSource(ref: TableRef, context: Context, self: Translation, trusted: boolean): string {
  if (inInformationSchema(ref, context))
    return informationSchema((ref.name.at(-1) ?? "").toLowerCase(), context);
  if (inSys(ref, context)) return sysSource((ref.name.at(-1) ?? "").toLowerCase(), context);
  const found = findRelation(context, ref.name, selected);
  if (!trusted) requireOn(context, found.relation, "SELECT");
  self.sources.add(found.relation.id);
  self.reads.set(
    ref.name.join("."),
    found.relation.columns.map((column) => column.name),
  );
  if (found.relation.kind === "view") {
    // Names inside a view mean the database it was made in.
    const inner = translation(
      { ...context, session: { ...context.session, database: found.database.name } },
      true,
      found.relation.reads,
    );
    const sql = translateQuery(parseQuery(new Tokens(found.relation.sql)), inner);
    for (const id of inner.sources) self.sources.add(id);
    const columns = found.relation.columns.map((column) => quoteName(column.name)).join(", ");
    return `(SELECT * FROM (${sql}) AS v(${columns}))`;
  }
  checkReadable(found.relation);
  if (found.relation.columns.some((column) => column.type.name === "LARGEINT")) self.wide = true;
  return tableRows(found.relation, ref, context);
}

/** §6.7: a table under restore cannot be read. */
function checkReadable(table: Table): void {
  if (table.state === "RESTORE") throw new SqlError("Table state is not NORMAL: 'RESTORING'", 5014, "HY000");
  if (table.engine !== "OLAP" && !table.materialized) throw unsupported(`Reading a ${table.engine} table`);
}

function tableRows(table: Table, ref: TableRef, context: Context): string {
  const set = context.cluster.catalog.partitions(table.id);
  const select = `SELECT ${columnList(table)} FROM ${dataTable(table)}`;
  if (ref.partitions) {
    const chosen = ref.partitions.flatMap((name) => {
      const partition = set.get(name, ref.temporary);
      if (!partition)
        throw analysisErrorAt(`Unknown partition '${name}' in table '${table.name}'`, ref.token.position);
      // In another case a name is known to the analyzer, and since 3.4 to nobody after it (§21.2).
      const lost = partition.name !== name && atLeast(context.cluster.options.version, "3.5");
      return lost ? [] : [partition];
    });
    return `(${select} WHERE ${inPartitions(physicalIds(chosen))})`;
  }
  const hidden = [...physicalIds(set.temporary()), ...context.cluster.recycleBin.hiddenIds(table.id)];
  return hidden.length === 0
    ? `(${select})`
    : `(${select} WHERE ${partitionColumn} NOT IN (${hidden.join(",")}))`;
}
