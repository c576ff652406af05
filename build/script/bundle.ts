import { basename, dirname } from "node:path";
import { build } from "esbuild";
import { mysqlStubs } from "./mysql-stubs.ts";

/** A script and all it imports, as one expression assigned to `__impl`. */
export interface Bundle {
  readonly code: string;
  /** What the code still imports when it runs. */
  readonly externals: readonly string[];
  /** Files that went in, relative to the repository. */
  readonly inputs: readonly string[];
}

/** Deterministic: the same sources give the same bytes, otherwise every push would make new script versions. */
export async function bundleScript(file: string, root: string): Promise<Bundle> {
  const result = await build({
    stdin: {
      contents: `import { script } from "./${basename(file)}";\nexport const run = script.run;\n`,
      resolveDir: dirname(file),
      loader: "ts",
    },
    absWorkingDir: root,
    plugins: [mysqlStubs],
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: "__impl",
    platform: "node",
    target: "es2022",
    minify: true,
    // One long line would freeze the code viewer of the script page.
    lineLimit: 160,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${file}`);
  const imports = Object.values(result.metafile.outputs).flatMap((made) => made.imports);
  return {
    code: output.text,
    externals: [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))].sort(),
    inputs: Object.keys(result.metafile.inputs).sort(),
  };
}
