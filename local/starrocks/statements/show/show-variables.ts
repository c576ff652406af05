import { listing, type Result } from "../../basics/result.ts";
import type { Context } from "../../engine/context.ts";
import { defaultVariables, readVariable } from "../../engine/variables.ts";
import { acceptLike } from "../../sql/like.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** After `SHOW [GLOBAL|SESSION] VARIABLES`; `WHERE variable_name = 'x'` is what connectors send. */
export async function showVariables(tokens: Tokens, { session, cluster }: Context): Promise<Result> {
  let matches = acceptLike(tokens);
  if (tokens.accept("WHERE")) {
    const names: string[] = [];
    do {
      tokens.identifier();
      tokens.expectOperator("=");
      names.push(tokens.string().toLowerCase());
    } while (tokens.accept("OR"));
    matches = (name) => names.includes(name);
  }
  tokens.expectEnd();
  const names = [...Object.keys(defaultVariables), "version_comment"].sort();
  return listing(
    ["Variable_name", "Value"],
    names
      .filter(matches)
      .map((name) => ({ Variable_name: name, Value: readVariable(name, session, cluster) })),
  );
}
