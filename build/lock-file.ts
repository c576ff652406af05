import { createHash } from "node:crypto";
import { stringify } from "yaml";

/** Where Windmill's command line looks up which metadata belongs to which code. */
export const LOCK_FILE = "wmill-lock.yaml";

/**
 * The file that `wmill generate-metadata rehash` writes: without it a push calls the metadata stale, and following that
 * advice would rewrite what is built. A script's entry is the hash of its workspace dependencies (none: `{}`), code and
 * metadata; a flow's is the hash of its inline scripts' hashes (none: `{}`).
 *
 * @param files emitted files, by their path in `folder`
 */
export function lockFile(files: ReadonlyMap<string, string>, folder: string): string {
  const locks = [...files].flatMap(([name, content]) => {
    const script = /^(.*)\.ts$/.exec(name)?.[1];
    if (script !== undefined) {
      const metadata = files.get(`${script}.script.yaml`) ?? "";
      return [[`${folder}/${script}`, sha256(`{}${content}${metadata}`)]];
    }
    const flow = /^(.*\.flow)\/flow\.yaml$/.exec(name)?.[1];
    return flow === undefined ? [] : [[`${folder}/${flow}+__flow_hash`, sha256("{}")]];
  });
  return stringify({ version: "v2", locks: Object.fromEntries(locks) });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
