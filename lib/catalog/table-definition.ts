import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";
import { literal } from "../starrocks/quote.ts";
import { type Column, unreadable } from "./sql/column.ts";
import { kind } from "./sql/kinds.ts";

const column = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  key: z.boolean(),
  default: z.string().optional(),
  /** Expression of a generated column, where the version says it. */
  generated: z.string().optional(),
});

const form = z.object({
  model: z.string(),
  primaryKey: z.string(),
  partitionKey: z.string(),
  distributionKey: z.string(),
  distributionType: z.string(),
  sortKey: z.string(),
  properties: z.record(z.string(), z.string()),
  columns: column.readonly().array().readonly(),
});

/** How a table was defined when it was backed up whole: what a restore brings back with its rows. */
export type TableDefinition = Readonly<z.output<typeof form>>;
export type DefinedColumn = TableDefinition["columns"][number];

/** StarRocks' longest VARCHAR, in bytes. */
const longestText = 1_048_576;
/** Thousands of definitions go into one statement. */
const longestReadable = 1024;
const mark = "gzip:";

/** A column that holds a table's definition; one that is too long for it is left out. */
export function definitionText(name: string, about: string): Column<TableDefinition> {
  return kind<TableDefinition, TableDefinition>({
    ...{ name, about, type: `VARCHAR(${longestText})`, holds: "a table's definition as JSON" },
    read: (stored) => definitionOf(`${stored}`) ?? unreadable,
    write(definition) {
      const stored = packDefinition(definition);
      return Buffer.byteLength(stored) > longestText ? "NULL" : literal(stored);
    },
  });
}

function packDefinition(definition: TableDefinition): string {
  const json = JSON.stringify(definition);
  return Buffer.byteLength(json) <= longestReadable ? json : mark + gzipSync(json).toString("base64");
}

/** Undefined for what is none: others can write the catalog. */
function definitionOf(stored: string): TableDefinition | undefined {
  try {
    const json = stored.startsWith(mark)
      ? gunzipSync(Buffer.from(stored.slice(mark.length), "base64")).toString()
      : stored;
    return form.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
