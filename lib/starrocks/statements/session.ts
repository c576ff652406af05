/** Holds for the session only. */
export function setVariablesStatement(
  variables: readonly ("query_timeout" | "insert_timeout")[],
  value: number,
): string {
  return `SET ${variables.map((variable) => `${variable} = ${value}`).join(", ")}`;
}
