import { listing, type Result } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import { config, configValue } from "../../engine/frontend-config.ts";
import { acceptLike } from "../../sql/like.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** After `ADMIN SHOW FRONTEND CONFIG`. */
export async function showConfig(tokens: Tokens, context: Context): Promise<Result> {
  const matches = acceptLike(tokens);
  tokens.expectEnd();
  requireSystem(context, "OPERATE");
  const rows = Object.entries(config).filter(([key]) => matches(key));
  return listing(
    ["Key", "AliasNames", "Value", "Type", "IsMutable", "Comment"],
    rows.map(([key, [, type]]) => ({
      Key: key,
      AliasNames: "[]",
      Value: configValue(context.cluster, key),
      Type: type,
      IsMutable: String(key !== "run_mode"),
      Comment: "",
    })),
  );
}
