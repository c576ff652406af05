import type { LivePartition } from "../live-table.ts";
import { type TableChange, tableChange } from "./changes.ts";

/**
 * Splits what a database's snapshot would copy into parts of at most `most` partitions: StarRocks copies and journals
 * the metadata of a job several times, which stalls the FE above some ten thousand partitions.
 *
 * Each part lists every table, those of other parts as unchanged, because each part is the next one's baseline. A table
 * that is larger than a part is split; one with automatic partitions never is, since only a table named without a
 * partition list brings its hidden partition along.
 */
export function splitIntoParts(
  changes: readonly TableChange[],
  most: number,
): readonly (readonly TableChange[])[] {
  const pieces = changes.flatMap((change) => split(change, most));
  const parts: TableChange[][] = [[]];
  let size = 0;
  for (const piece of pieces) {
    if (size > 0 && size + piece.copies.partitions > most) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(piece);
    size += piece.copies.partitions;
  }
  if (parts.length === 1) return [changes];
  return parts.map((part, index) => changes.map((change) => inPart(change, part, index === 0)));
}

function inPart(change: TableChange, part: readonly TableChange[], isFirst: boolean): TableChange {
  const piece = part.find((candidate) => candidate.table === change.table);
  if (piece !== undefined) return piece;
  // Tombstones of a table that nothing is copied of belong into one part: the first.
  const dropped = isFirst && change.content === "unchanged" ? change.dropped : [];
  return tableChange(change.table, "unchanged", [], dropped);
}

function split(change: TableChange, most: number): readonly TableChange[] {
  if (change.content === "unchanged") return [];
  if (change.copies.partitions <= most || change.table.automatic) return [change];
  return chunks(change.copied.items(), most).map((copied, index) =>
    tableChange(
      change.table,
      index === 0 && change.content === "whole" ? "split" : "partitions",
      copied,
      index === 0 ? change.dropped : [],
    ),
  );
}

function chunks(partitions: readonly LivePartition[], most: number): readonly (readonly LivePartition[])[] {
  return Array.from({ length: Math.ceil(partitions.length / most) }, (_, index) =>
    partitions.slice(index * most, (index + 1) * most),
  );
}
