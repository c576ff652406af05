import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { initSync, parse_deno, parse_ts_imports } from "windmill-parser-wasm-ts";
import * as z from "zod";

/** What Windmill's worker reads from `main`: it binds arguments by these names and calls `main` positionally. */
export interface MainSignature {
  readonly parameters: readonly MainParameter[];
  /** Null for a runnable script; `lib` when the parser found no `main`. */
  readonly autoKind: string | null;
}

export interface MainParameter {
  readonly name: string;
  /** The parser's own type notation; see {@link reinferredSchema}. */
  readonly type: unknown;
  readonly default: unknown;
  readonly optional: boolean;
}

const parserOutput = z.object({
  auto_kind: z.string().nullable().default(null),
  args: z.array(
    z.object({
      name: z.string(),
      typ: z.unknown(),
      default: z.unknown().transform((value) => value ?? undefined),
      has_default: z.boolean(),
    }),
  ),
});

/** Parses a script with the parser of Windmill's command line; the worker's is built from the same source. */
export function parseMainSignature(code: string): MainSignature {
  loadParser();
  const { args, auto_kind: autoKind } = parserOutput.parse(JSON.parse(parse_deno(code)));
  const parameters = args.map(({ name, typ: type, default: value, has_default: optional }) => {
    return { name, type, default: value, optional };
  });
  return { parameters, autoKind };
}

/** Module names a script imports, as Windmill's dependency scan sees them. */
export function importsOf(code: string): readonly string[] {
  loadParser();
  return z.object({ imports: z.array(z.string()) }).parse(JSON.parse(parse_ts_imports(code))).imports;
}

let loaded = false;

function loadParser(): void {
  if (loaded) return;
  const entry = createRequire(import.meta.url).resolve("windmill-parser-wasm-ts");
  initSync({ module: readFileSync(join(dirname(entry), "windmill_parser_wasm_bg.wasm")) });
  loaded = true;
}
