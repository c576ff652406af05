/**
 * The partition definitions in a SHOW CREATE TABLE, by partition name: ``VALUES [("2025-01-01"), ("2025-01-02"))`` or
 * `VALUES IN ('card', 'cash')`. StarRocks prints them for range and list tables without automatic partitioning, one a
 * line, with a replication property where it differs from the table's; the text can be used in ADD PARTITION.
 */
export function partitionClauses(showCreateTable: string): ReadonlyMap<string, string> {
  const lines = showCreateTable.matchAll(/^\s*\(?\s*PARTITION\s+(`(?:[^`]|``)+`|\S+)\s+(VALUES\s.+?)\s*$/gm);
  return new Map([...lines].map(([, name, definition]) => [unquoted(name ?? ""), clause(definition ?? "")]));
}

function unquoted(name: string): string {
  return name.startsWith("`") ? name.slice(1, -1).replaceAll("``", "`") : name;
}

/** Cuts what follows the values: the comma to the next partition, the parenthesis that ends the list, properties. */
function clause(line: string): string {
  const values = line.replace(/,$/, "").replace(/\s*\("replication_num"\s*=\s*"\d+"\)\s*\)?$/, "");
  const range = /^VALUES\s+\[.*?\)\)/.exec(values);
  if (range !== null) return range[0];
  return balanced(values);
}

/** A list's values up to the parenthesis that closes the first one; quotes hide parentheses inside values. */
function balanced(text: string): string {
  let depth = 0;
  let quote = "";
  for (const [index, character] of [...text].entries()) {
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return [...text].slice(0, index + 1).join("");
  }
  return text;
}
