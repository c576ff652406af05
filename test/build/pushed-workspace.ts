import { randomUUID } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";

/** What the server takes into the database from a script; `path` and the language are in its files' names. */
const SCRIPT_KEYS = ["summary", "description", "schema", "lock", "kind"];

/** Of a flow the export has these always; what else may be set is left out while it is not. */
const FLOW_KEYS = ["summary", "description", "value", "schema"];

/**
 * What was pushed to a workspace, kept and exported as the server does (`workspaces_export.rs`, `folders.rs` of 1.788):
 * a folder is owned by who made it, and its permissions are always in the export; null and false settings are not.
 */
export class PushedWorkspace {
  readonly #items = new Map<string, JsonObject>();

  /** @returns the answer's status: 400 for what this stand-in does not model. */
  apply(method: string, path: string, body: Json): number {
    const [, kind, action, name = ""] =
      /^\/(folders|scripts|flows)\/(create|update)(?:\/([^?]+))?/.exec(path) ?? [];
    if (method !== "POST" || kind === undefined || !isJsonObject(body)) return 400;
    const id = `${kind}/${action === "update" ? name : String(body[kind === "folders" ? "name" : "path"])}`;
    const before = this.#items.get(id);
    if (kind === "scripts") {
      // A script has no update: its next version is created, and names the one before.
      if (before?.["hash"] !== body["parent_hash"]) return 400;
      this.#items.set(id, { ...body, hash: randomUUID() });
      return 201;
    }
    if ((before === undefined) === (action === "update")) return 400;
    this.#items.set(id, kind === "folders" ? folder(before, body) : body);
    return 201;
  }

  /** Answer to `/folders/get/…`, `/scripts/get/p/…` and `/flows/get/…`. */
  get(path: string): JsonObject | undefined {
    const [, kind, name] = /^\/(folders|scripts|flows)\/get\/(?:p\/)?([^?]+)/.exec(path) ?? [];
    return this.#items.get(`${kind}/${name}`);
  }

  /** The files of the archive that a push compares itself with. */
  files(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#items].flatMap(([id, item]) => exported(id, item)));
  }
}

/** An update changes what it names; owners are given write permission when the folder is made. */
function folder(before: JsonObject | undefined, body: JsonObject): JsonObject {
  const me = "u/admin";
  const made = { owners: [me], extra_perms: { [me]: true }, summary: null };
  return { ...(before ?? made), ...body };
}

function exported(id: string, item: JsonObject): readonly (readonly [string, string])[] {
  const name = id.slice(id.indexOf("/") + 1);
  if (id.startsWith("folders/")) {
    const { name: _name, ...file } = item;
    return [[`f/${name}/folder.meta.json`, JSON.stringify(file)]];
  }
  if (id.startsWith("flows/")) return [[`${name}.flow.json`, JSON.stringify(picked(item, FLOW_KEYS))]];
  return [
    [`${name}.ts`, String(item["content"])],
    [`${name}.script.json`, JSON.stringify(picked(item, SCRIPT_KEYS))],
  ];
}

function picked(item: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, item[key] ?? null]));
}
