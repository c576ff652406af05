/** A statement without its values: two statements of one shape differ in names and numbers only. */
export function statementShape(sql: string): string {
  return (
    sql
      .replace(/'(?:[^'\\]|\\.|'')*'/g, "?")
      .replace(/"(?:[^"\\]|\\.)*"/g, "?")
      // Labels and run ids are made of a stamp or a hash; names of the catalog have no digit.
      .replace(/`[^`]*\d[^`]*`/g, "?")
      .replace(/\b\d+\b/g, "?")
      .replace(/\s+/g, " ")
      .replace(/\?(?:, \?)+/g, "?")
      .replace(/\(\?\)(?:, \(\?\))+/g, "(?)")
      .trim()
  );
}

/** Whether a statement leaves something behind. Around any other one the state is what the write before it left. */
export function isWrite(sql: string): boolean {
  return !/^(?:SELECT|SHOW|SET)\b/.test(sql);
}
