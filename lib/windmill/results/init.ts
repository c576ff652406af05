import type { InitResult } from "../../operations/catalog/init.ts";
import { type Document, headline, list, paragraph } from "./document.ts";
import { notesAndSkipped } from "./notes.ts";
import { shown } from "./shown.ts";

/** What creating or upgrading the catalog has done. */
export function renderInit(result: InitResult) {
  return { ...result, ...shown(documentOf(result)) };
}

function documentOf({ status, database, migrations, adopted, skipped, notes }: InitResult): Document {
  return [
    headline(
      status === "CREATED"
        ? `The catalog is ready: database ${database}`
        : `The catalog in database ${database} is up to date`,
    ),
    paragraph(
      migrations.length === 0
        ? "Nothing had to be changed."
        : `Applied its versions ${migrations.join(", ")}.`,
    ),
    ...(adopted.length === 0
      ? []
      : [paragraph("Backups of starrocks-br that can be restored from now on:"), list(adopted)]),
    ...notesAndSkipped(notes, skipped),
    paragraph("Next: name groups of tables with the script inventory."),
  ];
}
