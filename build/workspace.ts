import { join, relative } from "node:path";

/** Where the hand-written sources are and where Windmill's tree goes. */
export interface Workspace {
  /** Folder that holds `wmill.yaml`; emitted paths start here. */
  readonly root: string;
  readonly scripts: string;
  readonly flows: string;
  /** Windmill path of the emitted folder, for example `f/starrocks_backup`. */
  readonly folder: string;
}

/** The project's own layout below `root`; tests replace the source folders. */
export function workspaceAt(
  root: string,
  sources: Partial<Pick<Workspace, "scripts" | "flows">> = {},
): Workspace {
  return {
    root,
    scripts: sources.scripts ?? join(root, "scripts"),
    flows: sources.flows ?? join(root, "flows"),
    folder: "f/starrocks_backup",
  };
}

export function fromRoot(workspace: Workspace, file: string): string {
  return relative(workspace.root, file);
}
