import { analysisError, SqlError, unsupported } from "../basics/errors.ts";

/** What a complaint of DuckDB's means to a client, by how it begins. */
const meanings: readonly (readonly [start: string, what: string])[] = [
  ["Out of Range", "A value outside of its type's range"],
  ["Conversion", "A value of another type here"],
  ["Invalid Input", "A value like this"],
  ["Binder", "This combination of types or clauses"],
  ["Catalog", "This combination of types or clauses"],
  ["Parser", "This combination of types or clauses"],
  ["Not implemented", "This combination of types or clauses"],
  ["Out of Memory", "A statement of this size"],
];

/**
 * DuckDB's complaints in StarRocks' words; what has no counterpart is not supported. Its own texts stay inside: they
 * speak of tables and functions no client knows.
 */
export function duckError(error: unknown, connection: number): unknown {
  if (!(error instanceof Error) || error instanceof SqlError) return error;
  const [line = ""] = error.message.split("\n");
  const kind = /(?:^|: )([A-Z][A-Za-z ]*) Error: /.exec(line)?.[1];
  if (kind === undefined) return error;
  // As clients of StarRocks see it.
  if (kind === "INTERRUPT") return new SqlError(`killed by kill statement : KILL QUERY ${connection}`, 5025);
  const ours = /: (.*) is not supported by the embedded StarRocks/.exec(line)?.[1];
  if (ours !== undefined) return unsupported(ours);
  const what = meanings.find(([start]) => kind === start)?.[1];
  return (
    nameError(line) ?? (what ? unsupported(what) : new SqlError("embedded StarRocks: the storage failed"))
  );
}

/** Names that mean nothing, or too much: StarRocks' own errors. */
function nameError(line: string): SqlError | undefined {
  const column =
    /(?:Referenced column|Column) "([^"]+)" (?:not found|was not found|referenced that exists)|column named "([^"]+)"/.exec(
      line,
    );
  if (column) return analysisError(`Column '${column[1] ?? column[2] ?? ""}' cannot be resolved`);
  const table = /Referenced table "([^"]+)" not found/.exec(line);
  if (table) return analysisError(`Column '${table[1] ?? ""}' cannot be resolved`);
  const group = /column "?([^"]+?)"? must appear in the GROUP BY/.exec(line);
  if (group)
    return analysisError(`'${group[1] ?? ""}' must be an aggregate expression or appear in GROUP BY clause`);
  const ambiguous = /Ambiguous reference to column name "([^"]+)"/.exec(line);
  return ambiguous ? analysisError(`Column '${ambiguous[1] ?? ""}' is ambiguous`) : undefined;
}
