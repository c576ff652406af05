/** Lines of a table: columns aligned by spaces, no frame; reads the same in a terminal, a log and a pipe. */
export function aligned(
  rows: readonly (readonly string[])[],
  toTheRight = new Set<number>(),
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        toTheRight.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
