import { syntaxError, unsupported } from "../basics/errors.ts";
import { listing, ok, type Result } from "../basics/result.ts";
import { atLeast } from "../basics/versions.ts";
import { requireSystem } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import { Tokens } from "../sql/tokens.ts";
import { cancel, showBackup, showRestore } from "./backup/show-and-cancel.ts";
import { submitBackup } from "./backup/submit-backup.ts";
import { submitRestore } from "./backup/submit-restore.ts";
import { adminSetPartitionVersion } from "./ddl/admin-set.ts";
import { alterTable } from "./ddl/alter-table.ts";
import { createTable } from "./ddl/create-table.ts";
import { alterDatabase, createDatabase, dropDatabase } from "./ddl/database.ts";
import { createTableLike, dropRelation, truncateTable } from "./ddl/drop-table.ts";
import { createExternalTable } from "./ddl/external-table.ts";
import { alterMaterializedView } from "./ddl/materialized-status.ts";
import {
  createMaterializedView,
  dropMaterializedView,
  refreshMaterializedView,
} from "./ddl/materialized-view.ts";
import { recoverDatabase, recoverPartition, recoverTable } from "./ddl/recover.ts";
import { createView } from "./ddl/view.ts";
import { insert } from "./load/insert.ts";
import { deleteFrom, update } from "./load/update.ts";
import { grantOrRevoke } from "./privilege/grant.ts";
import { createRole, dropRole, setDefaultRole, setRole, showRoles } from "./privilege/roles.ts";
import { showGrants } from "./privilege/show-grants.ts";
import { alterUser, createUser, dropUser, showUsers } from "./privilege/users.ts";
import { select } from "./query/select.ts";
import { dropSnapshot } from "./repository/drop-snapshot.ts";
import { createRepository, dropRepository, showRepositories } from "./repository/repositories.ts";
import { showSnapshot } from "./repository/show-snapshot.ts";
import {
  createRoutineLoad,
  pauseRoutineLoad,
  resumeRoutineLoad,
  showRoutineLoads,
  stopRoutineLoad,
} from "./routine-load/routine-loads.ts";
import { kill, set, use } from "./session/session-statements.ts";
import { setConfig } from "./session/set-config.ts";
import { showBackends, showComputeNodes, showFrontends, showProcesslist } from "./show/show-cluster.ts";
import { showConfig } from "./show/show-config.ts";
import { describe, showCreate } from "./show/show-create.ts";
import { showCreateMaterializedView, showMaterializedViews } from "./show/show-materialized-views.ts";
import { showDatabases, showTables } from "./show/show-names.ts";
import { showPartitions } from "./show/show-partitions.ts";
import { showSchemaChanges } from "./show/show-schema-changes.ts";
import { showVariables } from "./show/show-variables.ts";

type Handler = (tokens: Tokens, context: Context) => Promise<Result>;

/** First words of a statement → what runs it; the longest match wins. */
const handlers: readonly (readonly [words: string, handler: Handler])[] = [
  ["CREATE DATABASE", createDatabase],
  ["CREATE SCHEMA", createDatabase],
  ["CREATE TABLE", createTableOrLike],
  ["CREATE EXTERNAL TABLE", createExternalTable],
  ["DROP DATABASE", dropDatabase],
  ["DROP SCHEMA", dropDatabase],
  ["ALTER DATABASE", alterDatabase],
  ["CREATE VIEW", (tokens, context) => createView(tokens, context, false)],
  ["CREATE OR REPLACE VIEW", (tokens, context) => createView(tokens, context, true)],
  ["DROP TABLE", (tokens, context) => dropRelation(tokens, context, "table")],
  ["DROP VIEW", (tokens, context) => dropRelation(tokens, context, "view")],
  ["CREATE MATERIALIZED VIEW", createMaterializedView],
  ["ALTER MATERIALIZED VIEW", alterMaterializedView],
  ["REFRESH MATERIALIZED VIEW", refreshMaterializedView],
  ["DROP MATERIALIZED VIEW", dropMaterializedView],
  ["SHOW MATERIALIZED VIEWS", showMaterializedViews],
  ["SHOW CREATE MATERIALIZED VIEW", showCreateMaterializedView],
  ["TRUNCATE TABLE", truncateTable],
  ["ALTER TABLE", alterTable],
  ["RECOVER TABLE", recoverTable],
  ["RECOVER PARTITION", recoverPartition],
  ["RECOVER DATABASE", recoverDatabase],
  ["ADMIN SET TABLE", adminSetPartitionVersion],
  ["LOCK TABLES", locksNothing],
  ["UNLOCK TABLES", locksNothing],
  ["UPDATE", update],
  ["DELETE FROM", deleteFrom],
  ["KILL", kill],
  ["DESC", describe],
  ["DESCRIBE", describe],
  ["SHOW COLUMNS FROM", describe],
  ["SHOW CREATE TABLE", showCreate],
  ["SHOW CREATE VIEW", showCreate],
  ["SHOW PARTITIONS", (tokens, context) => showPartitions(tokens, context, false)],
  ["SHOW TEMPORARY PARTITIONS", (tokens, context) => showPartitions(tokens, context, true)],
  ["SHOW ALTER TABLE COLUMN", showSchemaChanges],
  ["SHOW FRONTENDS", showFrontends],
  ["SHOW BACKENDS", showBackends],
  ["SHOW COMPUTE NODES", showComputeNodes],
  ["ADMIN SHOW FRONTEND CONFIG", showConfig],
  ["ADMIN SET FRONTEND CONFIG", setConfig],
  ["SHOW PROCESSLIST", showProcesslist],
  ["SHOW FULL PROCESSLIST", showProcesslist],
  ["SHOW GRANTS", showGrants],
  ["SHOW USERS", showUsers],
  ["SHOW ROLES", showRoles],
  ["CREATE USER", createUser],
  ["ALTER USER", alterUser],
  ["DROP USER", dropUser],
  ["CREATE ROLE", createRole],
  ["DROP ROLE", dropRole],
  ["SET ROLE", setRole],
  ["SET DEFAULT ROLE", setDefaultRole],
  ["GRANT", (tokens, context) => grantOrRevoke(tokens, context, true)],
  ["REVOKE", (tokens, context) => grantOrRevoke(tokens, context, false)],
  ["CREATE REPOSITORY", (tokens, context) => createRepository(tokens, context, false)],
  ["CREATE READ ONLY REPOSITORY", (tokens, context) => createRepository(tokens, context, true)],
  ["DROP REPOSITORY", dropRepository],
  ["SHOW REPOSITORIES", showRepositories],
  ["SHOW SNAPSHOT", showSnapshot],
  ["DROP SNAPSHOT", dropSnapshot],
  ["BACKUP", submitBackup],
  ["RESTORE", submitRestore],
  ["CANCEL BACKUP", (tokens, context) => cancel(tokens, context, "backup")],
  ["CANCEL RESTORE", (tokens, context) => cancel(tokens, context, "restore")],
  ["SHOW BACKUP", showBackup],
  ["SHOW RESTORE", showRestore],
  ["CREATE ROUTINE LOAD", createRoutineLoad],
  ["PAUSE ROUTINE LOAD", pauseRoutineLoad],
  ["RESUME ROUTINE LOAD", resumeRoutineLoad],
  ["STOP ROUTINE LOAD", stopRoutineLoad],
  ["SHOW ROUTINE LOAD", (tokens, context) => showRoutineLoads(tokens, context, false)],
  ["SHOW ALL ROUTINE LOAD", (tokens, context) => showRoutineLoads(tokens, context, true)],
  ["INSERT", insert],
  ["USE", use],
  ["SET", set],
  ["SHOW DATABASES", showDatabases],
  ["SHOW SCHEMAS", showDatabases],
  ["SHOW TABLES", (tokens, context) => showTables(tokens, context, false)],
  ["SHOW FULL TABLES", (tokens, context) => showTables(tokens, context, true)],
  ["SHOW VARIABLES", showVariables],
  ["SHOW GLOBAL VARIABLES", showVariables],
  ["SHOW SESSION VARIABLES", showVariables],
  ["SHOW WARNINGS", showWarnings],
  ["START TRANSACTION", beginTransaction],
  ["BEGIN", beginTransaction],
  ["COMMIT", endTransaction],
  ["ROLLBACK", endTransaction],
];

const table = handlers.map(([words, handler]) => ({ words: words.split(" "), handler }));

/** §13: REPOSITORY on SYSTEM; BACKUP and RESTORE look themselves, after their analysis. */
const needRepository = new Set([
  "CREATE REPOSITORY",
  "CREATE READ ONLY REPOSITORY",
  "DROP REPOSITORY",
  "SHOW SNAPSHOT",
  "DROP SNAPSHOT",
  "CANCEL BACKUP",
  "CANCEL RESTORE",
  "SHOW BACKUP",
  "SHOW RESTORE",
]);

const statementWords = new Set(
  `ADMIN ALTER ANALYZE BACKUP CALL CANCEL CLEAR CREATE DELETE DESC DESCRIBE DROP EXECUTE EXPLAIN EXPORT GRANT HELP INSERT
  INSTALL KILL LOAD PAUSE PREPARE RECOVER REFRESH RESTORE RESUME REVOKE SET SHOW STOP SUBMIT SYNC TRACE TRUNCATE UNINSTALL
  UNLOCK LOCK UPDATE USE`.split(/\s+/),
);

export async function execute(sql: string, context: Context): Promise<Result> {
  const tokens = new Tokens(sql);
  if (tokens.isWord("SELECT") || tokens.isWord("WITH") || tokens.isOperator("("))
    return select(tokens, context);
  // `;` alone does nothing.
  if (tokens.isOperator(";")) return ok();
  const found = table
    .filter(({ words }) => tokens.areWords(...words))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (!found) {
    const words = [tokens.peek(), tokens.peek(1)]
      .filter((token) => token.kind === "word")
      .map((token) => token.value);
    // Words that begin some StarRocks statement are known but not modelled; others begin none.
    if (statementWords.has(words[0] ?? "")) throw unsupported(`Statement ${words.join(" ")}`);
    throw syntaxError(`No viable statement for input '${tokens.peek().text}'`, tokens.peek().position);
  }
  tokens.accept(...found.words);
  if (needRepository.has(found.words.join(" "))) requireSystem(context, "REPOSITORY");
  return found.handler(tokens, context);
}

function createTableOrLike(tokens: Tokens, context: Context): Promise<Result> {
  const start = tokens.position;
  tokens.accept("IF", "NOT", "EXISTS");
  tokens.qualifiedName();
  const like = tokens.isWord("LIKE");
  tokens.rewind(start);
  return like ? createTableLike(tokens, context) : createTable(tokens, context);
}

/** Parsed, and without any effect (§14.3). */
async function locksNothing(tokens: Tokens): Promise<Result> {
  while (tokens.peek().kind !== "end") tokens.next();
  return ok();
}

async function showWarnings(tokens: Tokens, { session }: Context): Promise<Result> {
  tokens.expectEnd();
  return listing(
    ["Level", "Code", "Message"],
    session.warnings.map(([level, code, message]) => ({ Level: level, Code: code, Message: message })),
  );
}

/** A no-op before 3.5; the explicit transactions since then are not modelled (§14.3, §15). */
async function beginTransaction(tokens: Tokens, { cluster }: Context): Promise<Result> {
  if (atLeast(cluster.options.version, "3.5")) throw unsupported("An explicit transaction");
  return endTransaction(tokens);
}

/** None can be open, so there is nothing to do; connectors send it on their own. */
async function endTransaction(tokens: Tokens): Promise<Result> {
  tokens.accept("WORK") || tokens.accept("TRANSACTION");
  tokens.expectEnd();
  return ok();
}
