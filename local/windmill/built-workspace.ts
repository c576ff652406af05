import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { OpenFlow } from "../../windmill/flow/open-flow.ts";
import { readOpenFlow } from "../../windmill/flow/open-flow.ts";
import { headerOf } from "../../windmill/signature/header.ts";
import { type MainSignature, parseMainSignature } from "../../windmill/signature/main-signature.ts";

/** A built script: the file to run and how its `main` takes arguments. */
export interface BuiltScript {
  readonly path: string;
  readonly file: string;
  readonly signature: MainSignature;
  /** Windmill names a version of a script by 16 hexadecimal digits. */
  readonly hash: string;
}

/** The tree that `npm run build` emits, read as Windmill would have it after a push. */
export class BuiltWorkspace {
  readonly #root: string;
  readonly #scripts = new Map<string, Promise<BuiltScript>>();

  /** @param root The folder that holds `f/`. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Parsed once for all steps that run it. */
  script(path: string): Promise<BuiltScript> {
    const known = this.#scripts.get(path) ?? this.#readScript(path);
    this.#scripts.set(path, known);
    return known;
  }

  async flow(path: string): Promise<OpenFlow> {
    const file = join(this.#root, `${path}.flow`, "flow.yaml");
    await this.#mustExist(file, "flow", path, ".flow");
    return readOpenFlow(parse(await readFile(file, "utf8")), path);
  }

  async #readScript(path: string): Promise<BuiltScript> {
    const file = join(this.#root, `${path}.ts`);
    await this.#mustExist(file, "script", path, ".ts");
    const code = await readFile(file, "utf8");
    const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
    return { path, file, signature: parseMainSignature(headerOf(code)), hash };
  }

  async #mustExist(file: string, kind: string, path: string, suffix: string): Promise<void> {
    if (existsSync(file)) return;
    const folder = join(this.#root, path, "..");
    if (!existsSync(folder)) throw new Error(`${folder} is not there: run \`npm run build\` first.`);
    const names = (await readdir(folder))
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
    throw new Error(`There is no ${kind} ${path}. Built are: ${names.join(", ") || "none"}.`);
  }
}
