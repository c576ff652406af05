import type { Position } from "../../basics/errors.ts";
import { syntaxError } from "../../basics/errors.ts";
import type { StarRocksVersion } from "../../basics/versions.ts";
import { atLeast } from "../../basics/versions.ts";
import { parseProperties } from "../../sql/create-table.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import type { Tokens } from "../../sql/tokens.ts";

export type ObjectKind = "TABLE" | "VIEW" | "MATERIALIZED VIEW" | "FUNCTION";

/** From a first to a last token; analyzer texts name the place (§1.4). */
export type Span = Readonly<{ from: Position; to: Position }>;

export type BackupObject =
  | Readonly<{ kind: "all"; what: ObjectKind }>
  | Readonly<{
      kind: "named";
      what: ObjectKind;
      name: string;
      partitions?: readonly string[];
      temporary: boolean;
      alias?: string;
      span?: Span;
      partitionSpan?: Span;
    }>;

export type BackupStatement = Readonly<{
  database?: string;
  label: string;
  repository: string;
  objects?: readonly BackupObject[];
  catalogs?: "ALL" | readonly string[];
  properties: Readonly<Record<string, string>>;
}>;

export type RestoreStatement = BackupStatement & Readonly<{ source?: string }>;

const kinds: readonly (readonly [string, ObjectKind])[] = [
  ["MATERIALIZED VIEW", "MATERIALIZED VIEW"],
  ["MATERIALIZED VIEWS", "MATERIALIZED VIEW"],
  ["TABLE", "TABLE"],
  ["TABLES", "TABLE"],
  ["VIEW", "VIEW"],
  ["VIEWS", "VIEW"],
  ["FUNCTION", "FUNCTION"],
  ["FUNCTIONS", "FUNCTION"],
];

const acceptKind = (tokens: Tokens): ObjectKind | undefined =>
  kinds.find(([words]) => tokens.accept(...words.split(" ")))?.[1];

/** After `ALL`. */
function parseAll(tokens: Tokens): BackupObject {
  const what = acceptKind(tokens);
  if (!what) throw tokens.unexpected("TABLES");
  return { kind: "all", what };
}

/** `t PARTITION (…) AS a` in every version; object kinds and ALL since 3.4 (§1.1). */
function parseObjects(tokens: Tokens, version: StarRocksVersion): BackupObject[] {
  let what: ObjectKind = "TABLE";
  const typed = atLeast(version, "3.5");
  const since = (from: Position): Span => ({ from, to: tokens.previous().position });
  return tokens.parenthesised(() =>
    tokens.list((): BackupObject => {
      if (typed && tokens.accept("ALL")) return parseAll(tokens);
      const start = tokens.peek().position;
      what = (typed ? acceptKind(tokens) : undefined) ?? what;
      const name = tokens.qualifiedName().at(-1) ?? "";
      const listed = tokens.peek().position;
      const head = parsePartitionNames(tokens);
      const partitionSpan = since(listed);
      const alias = tokens.accept("AS") ? tokens.identifier() : undefined;
      return {
        kind: "named",
        what,
        name,
        ...head,
        ...(alias !== undefined && { alias }),
        span: since(start),
        partitionSpan,
      };
    }),
  );
}

function parseTail(
  tokens: Tokens,
  version: StarRocksVersion,
): Pick<BackupStatement, "objects" | "properties"> {
  const objects = tokens.accept("ON") ? parseObjects(tokens, version) : undefined;
  const properties = tokens.accept("PROPERTIES") ? parseProperties(tokens) : {};
  tokens.expectEnd();
  return { properties, ...(objects && { objects }) };
}

function parseLabel(tokens: Tokens, explicit: string | undefined): { database?: string; label: string } {
  const name = tokens.qualifiedName();
  const [first = ""] = name;
  if (name.length === 1) return { label: first, ...(explicit !== undefined && { database: explicit }) };
  if (explicit !== undefined)
    throw syntaxError(
      "Specifying dbName before snapshot name is forbidden if the DbName is specified explicitly in BACKUP/RESTORE",
    );
  return { database: first, label: name[1] ?? "" };
}

/** `ALL EXTERNAL CATALOGS` or `EXTERNAL CATALOG[S] (…)`, since 3.4; a restore may give aliases (§1.1, §6.1). */
function parseCatalogs(tokens: Tokens, version: StarRocksVersion): Pick<BackupStatement, "catalogs"> {
  if (!atLeast(version, "3.5")) return {};
  if (tokens.accept("ALL", "EXTERNAL", "CATALOGS")) return { catalogs: "ALL" };
  if (!tokens.accept("EXTERNAL", "CATALOG") && !tokens.accept("EXTERNAL", "CATALOGS")) return {};
  const catalogs = tokens.parenthesised(() =>
    tokens.list(() => {
      const name = tokens.identifier();
      if (tokens.accept("AS")) tokens.identifier();
      return name;
    }),
  );
  return { catalogs };
}

/** What goes with external catalogs: neither a database nor objects (the typo is the product's). */
function checkCatalogs(statement: BackupStatement, database: boolean): void {
  if (!statement.catalogs) return;
  if (database) throw syntaxError("Can not sepcify database name for external catalog Backup/Restore");
  if (statement.objects) throw syntaxError("Can not sepcify `ON` clause for external catalog Backup/Restore");
}

/** After `BACKUP`. */
export function parseBackup(tokens: Tokens, version: StarRocksVersion): BackupStatement {
  const catalogs = parseCatalogs(tokens, version);
  const explicit = atLeast(version, "3.5") && tokens.accept("DATABASE") ? tokens.identifier() : undefined;
  tokens.expect("SNAPSHOT");
  const label = parseLabel(tokens, explicit);
  tokens.expect("TO");
  const repository = tokens.identifier();
  const tail = parseTail(tokens, version);
  if (tail.objects?.some((object) => object.kind === "named" && object.alias !== undefined))
    throw syntaxError("Specifying alias for backup object is forbidden in BACKUP stmt");
  const statement = { ...catalogs, ...label, repository, ...tail };
  checkCatalogs(statement, statement.database !== undefined);
  return statement;
}

/** After `RESTORE`. */
export function parseRestore(tokens: Tokens, version: StarRocksVersion): RestoreStatement {
  tokens.expect("SNAPSHOT");
  const label = parseLabel(tokens, undefined);
  tokens.expect("FROM");
  const repository = tokens.identifier();
  const catalogs = parseCatalogs(tokens, version);
  let source: string | undefined;
  let target = label.database;
  if (atLeast(version, "3.5") && tokens.accept("DATABASE")) {
    if (label.database !== undefined)
      throw syntaxError(
        "Specifying dbName before snapshot name is forbidden if the DbName is specified explicitly in BACKUP/RESTORE",
      );
    source = tokens.identifier();
    target = tokens.accept("AS") ? tokens.identifier() : source;
  }
  const tail = parseTail(tokens, version);
  checkCatalogs({ ...catalogs, ...tail, label: label.label, repository }, target !== undefined);
  if (tail.objects && target === undefined)
    throw syntaxError("`ON` clause is forbidden if no Database explicitly specified in Restore stmt");
  return {
    label: label.label,
    repository,
    ...catalogs,
    ...tail,
    ...(target !== undefined && { database: target }),
    ...(source !== undefined && { source }),
  };
}
