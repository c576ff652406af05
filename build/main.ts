import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import prettyBytes from "pretty-bytes";
import { BuildError } from "./build-error.ts";
import { buildWorkspace } from "./build-workspace.ts";
import { CATALOG_PAGE_FILE, catalogPage } from "./catalog-page.ts";
import { RESOURCE_TYPE_FILE, resourceTypeYaml } from "./resource-type.ts";
import { noticesFile, thirdPartyNotices } from "./third-party-notices.ts";
import { workspaceAt } from "./workspace.ts";

const workspace = workspaceAt(fileURLToPath(new URL("..", import.meta.url)));
try {
  const built = await buildWorkspace(workspace);
  await writeFile(join(workspace.root, RESOURCE_TYPE_FILE), resourceTypeYaml());
  await writeFile(join(workspace.root, noticesFile), await thirdPartyNotices(workspace.root, built.inputs));
  await writeFile(join(workspace.root, CATALOG_PAGE_FILE), catalogPage());
  const scripts = built.scripts.map(({ name, bytes }) => `${name} ${prettyBytes(bytes)}`).join(", ");
  const seconds = (performance.now() / 1000).toFixed(1);
  console.error(
    `${workspace.folder}: scripts ${scripts || "none"}; flows ${built.flows.join(", ") || "none"} (${seconds} s)`,
  );
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(
    `The build found ${error.findings.length} fault(s); ${workspace.folder} is unchanged.\n${error.message}`,
  );
  process.exitCode = 1;
}
