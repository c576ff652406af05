/** Holds for the session only. */
export function setVariableStatement(variable: "query_timeout" | "insert_timeout", value: number): string {
  return `SET ${variable} = ${value}`;
}
