import type { Column } from "../lib/catalog/sql/column.ts";
import type { Table } from "../lib/catalog/sql/table.ts";
import { catalogTables } from "../lib/catalog/tables/all.ts";

/** Where the page is, below the root; committed, for people to read. */
export const CATALOG_PAGE_FILE = "docs/catalog.md";

/** What the tables of the catalog are, for whoever reads or writes them with SQL. */
export function catalogPage(): string {
  return `${[introduction, ...catalogTables.map(section)].join("\n\n")}\n`;
}

const introduction = `# The catalog

The catalog is a database of the cluster: \`ops\`, or what \`ops_database\` of the \`starrocks\` resource says. All that the
scripts know is in its rows: what is backed up together, what was backed up and restored, and how far the open runs got.
The script \`init\` creates the tables and adds columns that an older catalog lacks; it takes nothing away. Tables and
columns that starrocks-br knows have its names and their meaning. All times are UTC.

This page is written by the build, from the declarations in \`lib/catalog/tables\`.

## Who may write it

**Whoever can write \`ops\` steers the backup user.** The rows say what is backed up, which snapshots a restore takes and what
it replaces, and the scripts act on them with the rights of the user in the \`starrocks\` resource. So give INSERT, UPDATE and
DELETE on \`ops\` as carefully as you would give that user's password. People who look need SELECT alone:

\`\`\`sql
GRANT SELECT ON ALL TABLES IN DATABASE ops TO USER 'auditor'@'%';
\`\`\`

\`table_inventory\` is made to be written with SQL too; the other tables are the scripts' own.

Rows are read as input. A value that its column below does not allow ends the script with \`UNEXPECTED_RESULT\`, which names
the table and the column. A plan is carried out only if it still has the hash that was approved, and a restore drops no
table whose name does not carry the mark of its run.`;

function section(table: Table): string {
  return [
    `## ${table.name}`,
    `${cell(table.comment)}.`,
    `${table.model}: ${table.key.map((field) => `\`${table.columns[field]?.name}\``).join(", ")}.`,
    [
      "| column | type | values | meaning |",
      "|---|---|---|---|",
      ...Object.values(table.columns).map(line),
    ].join("\n"),
  ].join("\n\n");
}

function line({ name, definition, holds, about }: Column<unknown>): string {
  return `| \`${name}\` | ${definition} | ${cell(holds)} | ${cell(about)} |`;
}

/** Bars end a cell, within a code span as well. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
