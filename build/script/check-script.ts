import { builtinModules } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type { FormSchema } from "../../windmill/form-schema.ts";
import { headerOf } from "../../windmill/signature/header.ts";
import { importsOf, parseMainSignature } from "../../windmill/signature/main-signature.ts";
import type { Bundle } from "./bundle.ts";
import { signatureMismatch } from "./signature-mismatch.ts";

/** The script page shows the code in an editor; beyond these it becomes slow. */
const MAX_BYTES = 900_000;
const MAX_LINE = 20_000;

/** Rules of Windmill that the emitted code breaks; empty when it is fit to push. */
export function checkScript(code: string, schema: FormSchema, bundle: Bundle): readonly string[] {
  const signature = parseMainSignature(code);
  const inHeader = isDeepStrictEqual(parseMainSignature(headerOf(code)), signature);
  return [
    ...(inHeader ? [] : ["has parts of main behind the header"]),
    ...hazardousLines(code),
    ...foreignImports(code, bundle),
    ...oversize(code),
    ...signatureMismatch(signature, schema),
  ];
}

/**
 * The worker reads the `//` lines before the first line of code as annotations (`// native`, `// tag ...`), and takes
 * a line that imports "workflow" from "windmill-client" for workflow-as-code.
 */
function hazardousLines(code: string): readonly string[] {
  const lines = code.split("\n");
  const importLine = lines.findIndex((line) => /^\s*(import|from)\b.*(windmill-client|workflow)/.test(line));
  return [
    ...(code.startsWith("/*") ? [] : ["must start with a block comment"]),
    ...(/^\/\//m.test(headerOf(code))
      ? ["has a // line before the code; Windmill reads it as an annotation"]
      : []),
    ...(importLine < 0 ? [] : [`line ${importLine + 1} looks like an import of windmill-client's workflows`]),
  ];
}

/** esbuild knows what is left to import in the bundle; only the header is left for Windmill's own (slow) scan. */
function foreignImports(code: string, bundle: Bundle): readonly string[] {
  const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
  const foreign = [...bundle.externals, ...importsOf(headerOf(code))].filter((name) => !builtin.has(name));
  return foreign.map((name) => `imports ${name}, which no worker has`);
}

function oversize(code: string): readonly string[] {
  const bytes = Buffer.byteLength(code);
  const longest = code.split("\n").reduce((length, line) => Math.max(length, line.length), 0);
  return [
    ...(bytes > MAX_BYTES ? [`has ${bytes} bytes, more than ${MAX_BYTES}`] : []),
    ...(longest > MAX_LINE ? [`has a line of ${longest} characters, more than ${MAX_LINE}`] : []),
  ];
}
