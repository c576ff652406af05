import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { type Json, parseJson } from "../../windmill/json.ts";
import { PushedWorkspace } from "./pushed-workspace.ts";

/** A request that changes something. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
}

export interface MockWindmill {
  readonly url: string;
  readonly changes: readonly Change[];
  readonly close: () => void;
}

/** As much of Windmill's API as `wmill sync push` calls; the workspace holds `files` and what is pushed to it. */
export async function mockWindmill(files: Readonly<Record<string, string>> = {}): Promise<MockWindmill> {
  const changes: Change[] = [];
  const pushed = new PushedWorkspace();
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").replace(/^\/api/, "").replace(/^\/w\/demo/, "");
    const body = await text(request);
    if (request.method !== "GET") {
      const change = {
        method: request.method ?? "",
        path,
        body: body.startsWith("{") ? parseJson(body) : body,
      };
      changes.push(change);
      response.writeHead(removes(change) ? 200 : pushed.apply(change.method, path, change.body)).end("ok");
      return;
    }
    const { status, content } = answer(path, files, pushed);
    const type = typeof content === "string" && /^[{[]/.test(content) ? "application/json" : "text/plain";
    response.writeHead(status, { "content-type": type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("The mock has no port.");
  return { url: `http://127.0.0.1:${bound.port}`, changes, close: () => void server.close() };
}

/** The given files are not kept as items: what removes one of them is noted only. */
function removes({ method, path }: Change): boolean {
  return method === "DELETE" || /\/(archive|delete)\//.test(path);
}

function answer(
  path: string,
  files: Readonly<Record<string, string>>,
  pushed: PushedWorkspace,
): { status: number; content: string | Buffer } {
  if (path === "/version") return { status: 200, content: "v1.788.0" };
  if (path.startsWith("/workspaces/tarball"))
    return { status: 200, content: zip({ ...files, ...pushed.files() }) };
  if (path.includes("file_resource_type_to_file_ext_map")) return { status: 200, content: "{}" };
  if (path.includes("whoami")) {
    return {
      status: 200,
      content: JSON.stringify({ username: "admin", email: "a@b.c", is_admin: true, groups: [], folders: [] }),
    };
  }
  const item = pushed.get(path);
  if (item !== undefined) return { status: 200, content: JSON.stringify(item) };
  if (/\/exists/.test(path)) return { status: 200, content: "false" };
  return /\/get/.test(path) ? { status: 404, content: "not found" } : { status: 200, content: "[]" };
}

/** A zip of uncompressed files, which is how Windmill exports a workspace. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), shared, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), shared, tail, Buffer.from(name)]));
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}
