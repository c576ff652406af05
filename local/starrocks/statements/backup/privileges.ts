import { analysisError } from "../../basics/errors.ts";
import { requireOn, requireOnCatalog, requireOnDatabase, requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import type { Database } from "../../metadata/model.ts";
import type { RestoreStatement } from "./grammar.ts";

/** §1.4 phase B, §13 */
export function checkBackupPrivileges(
  context: Context,
  database: Database,
  objects: readonly Readonly<{ name: string }>[],
): void {
  requireSystem(context, "REPOSITORY");
  if (objects.length === 0) throw analysisError(`Database: ${database.name} is empty`);
  for (const { name } of objects) {
    const relation = context.cluster.catalog.relation(database, name);
    if (relation?.kind === "table") requireOn(context, relation, "EXPORT");
  }
}

/** §13: a table is looked up under its original name, whatever its alias. */
export function checkRestorePrivileges(context: Context, statement: RestoreStatement): void {
  requireSystem(context, "REPOSITORY");
  if (!statement.objects) {
    requireOnCatalog(context, "CREATE DATABASE");
    return;
  }
  const { catalog } = context.cluster;
  const database = catalog.database(statement.database ?? context.session.database ?? "");
  if (!database) return;
  requireOnDatabase(context, database, "CREATE TABLE");
  for (const object of statement.objects) {
    const relation = object.kind === "named" ? catalog.relation(database, object.name) : undefined;
    if (relation?.kind === "table") requireOn(context, relation, "INSERT");
  }
}
