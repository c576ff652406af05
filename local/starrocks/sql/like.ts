import type { Tokens } from "./tokens.ts";

/** A MySQL LIKE pattern as a test; `%` and `_` are wildcards, backslash escapes. */
export function likePattern(pattern: string): (text: string) => boolean {
  const source = pattern.replaceAll(/\\?./gs, (part) => {
    if (part === "%") return "[\\s\\S]*";
    if (part === "_") return "[\\s\\S]";
    const char = part.startsWith("\\") && part.length > 1 ? part.slice(1) : part;
    return char.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  const regexp = new RegExp(`^${source}$`);
  return (text) => regexp.test(text);
}

/** `[LIKE "pattern"]` as a test; without it everything passes. */
export function acceptLike(tokens: Tokens): (text: string) => boolean {
  return tokens.accept("LIKE") ? likePattern(tokens.string()) : () => true;
}
