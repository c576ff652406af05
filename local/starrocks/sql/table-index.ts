import type { Tokens } from "./tokens.ts";

/** A secondary index of a table. */
export type TableIndex = Readonly<{
  name: string;
  columns: readonly string[];
  type: "BITMAP" | "NGRAMBF";
  /** Of NGRAMBF, sorted by key. */
  properties: Readonly<Record<string, string>>;
  comment: string;
}>;

/** After `INDEX`: `name (columns) [USING BITMAP | NGRAMBF [("k" = "v")]] [COMMENT "text"]`. */
export function parseTableIndex(tokens: Tokens): TableIndex {
  const name = tokens.identifier();
  const columns = tokens.parenthesised(() => tokens.list(() => tokens.identifier()));
  const type = tokens.accept("USING") && !tokens.accept("BITMAP") ? "NGRAMBF" : "BITMAP";
  if (type === "NGRAMBF") tokens.expect("NGRAMBF");
  const given = tokens.isOperator("(") ? parsePairs(tokens) : {};
  const usual = type === "NGRAMBF" ? { bloom_filter_fpp: "0.05", case_sensitive: "true", gram_num: "2" } : {};
  const comment = tokens.accept("COMMENT") ? tokens.string() : "";
  return { name, columns, type, properties: { ...usual, ...given }, comment };
}

function parsePairs(tokens: Tokens): Record<string, string> {
  const pairs = tokens.parenthesised(() =>
    tokens.list(() => {
      const key = tokens.string();
      tokens.expectOperator("=");
      return [key, tokens.string()] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

/** As SHOW CREATE TABLE prints it; a quote in the comment stays as it is (seen on an FE). */
export function indexSql({ name, columns, type, properties, comment }: TableIndex): string {
  const pairs = Object.entries(properties).map(([key, value]) => `"${key}" = "${value}"`);
  const more = pairs.length === 0 ? "" : `(${pairs.join(", ")})`;
  const quoted = columns.map((column) => `\`${column}\``).join(", ");
  return `  INDEX ${name} (${quoted}) USING ${type}${more} COMMENT '${comment}'`;
}
