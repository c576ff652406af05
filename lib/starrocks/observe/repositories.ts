import { flag, optionalText, text } from "../row.ts";
import type { Session } from "../session.ts";

export interface Repository {
  readonly name: string;
  readonly location: string;
  readonly readOnly: boolean;
  /** What the leader's last health ping (about every 10 minutes) found wrong. */
  readonly fault: string | undefined;
}

export async function readRepositories(session: Session): Promise<readonly Repository[]> {
  const rows = await session.query("SHOW REPOSITORIES", "list the repositories");
  return rows.map((row) => ({
    name: text(row, "RepoName"),
    location: text(row, "Location"),
    readOnly: flag(row, "IsReadOnly"),
    fault: optionalText(row, "ErrMsg") || undefined,
  }));
}
