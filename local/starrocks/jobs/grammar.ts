import type { StarRocksVersion } from "../cluster.ts";
import { syntaxError } from "../errors.ts";
import { parseProperties } from "../sql/create-table.ts";
import { parsePartitionNames } from "../sql/from.ts";
import type { Tokens } from "../sql/tokens.ts";
import { atLeast } from "../versions.ts";

export type ObjectKind = "TABLE" | "VIEW" | "MATERIALIZED VIEW" | "FUNCTION";

export type BackupObject =
  | Readonly<{ kind: "all"; what: ObjectKind }>
  | Readonly<{
      kind: "named";
      what: ObjectKind;
      name: string;
      partitions?: readonly string[];
      temporary: boolean;
      alias?: string;
    }>;

export type BackupStatement = Readonly<{
  database?: string;
  label: string;
  repository: string;
  objects?: readonly BackupObject[];
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

/** `t PARTITION (…) AS a` in every version; object kinds and ALL since 3.4 (§1.1). */
function parseObjects(tokens: Tokens, version: StarRocksVersion): BackupObject[] {
  let what: ObjectKind = "TABLE";
  const typed = atLeast(version, "3.5");
  return tokens.parenthesised(() =>
    tokens.list((): BackupObject => {
      if (typed && tokens.accept("ALL")) {
        const all = acceptKind(tokens);
        if (!all) throw tokens.unexpected("TABLES");
        return { kind: "all", what: all };
      }
      what = (typed ? acceptKind(tokens) : undefined) ?? what;
      const name = tokens.qualifiedName().at(-1) ?? "";
      const head = parsePartitionNames(tokens);
      const alias = tokens.accept("AS") ? tokens.identifier() : undefined;
      return { kind: "named", what, name, ...head, ...(alias !== undefined && { alias }) };
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

/** After `BACKUP`. */
export function parseBackup(tokens: Tokens, version: StarRocksVersion): BackupStatement {
  const explicit = atLeast(version, "3.5") && tokens.accept("DATABASE") ? tokens.identifier() : undefined;
  tokens.expect("SNAPSHOT");
  const label = parseLabel(tokens, explicit);
  tokens.expect("TO");
  const repository = tokens.identifier();
  const tail = parseTail(tokens, version);
  if (tail.objects?.some((object) => object.kind === "named" && object.alias !== undefined))
    throw syntaxError("Specifying alias for backup object is forbidden in BACKUP stmt");
  return { ...label, repository, ...tail };
}

/** After `RESTORE`. */
export function parseRestore(tokens: Tokens, version: StarRocksVersion): RestoreStatement {
  tokens.expect("SNAPSHOT");
  const label = parseLabel(tokens, undefined);
  tokens.expect("FROM");
  const repository = tokens.identifier();
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
  if (tail.objects && target === undefined)
    throw syntaxError("`ON` clause is forbidden if no Database explicitly specified in Restore stmt");
  return {
    label: label.label,
    repository,
    ...tail,
    ...(target !== undefined && { database: target }),
    ...(source !== undefined && { source }),
  };
}
