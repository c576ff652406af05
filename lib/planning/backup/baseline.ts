import type { BackupRecord, BackupType } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { secondsBetween } from "../../instants.ts";
import { chain } from "../coverage.ts";

/** How a run decides between a full and an incremental, and what it compares with. */
export interface TypePolicy {
  readonly type: BackupType | "auto";
  /** A label, `latest` (the newest backup of any type), or undefined: the newest full. */
  readonly baseline: string | undefined;
  /** For `auto`: a full when the newest one is older than this. */
  readonly fullEverySeconds: number | undefined;
  /** For `auto`: a full when a restore would need more backups than this. */
  readonly maxChain: number | undefined;
}

/** What one database's tables are compared with, or why everything is copied. */
export type BaselineChoice =
  | { readonly kind: "baseline"; readonly record: BackupRecord }
  | { readonly kind: "full"; readonly reason: string };

export interface BaselineQuestion {
  readonly group: string;
  /** Where this backup goes; a chain lies in one repository, since a RESTORE reads from one. */
  readonly repository: string;
  readonly policy: TypePolicy;
  /** Finished backups, oldest cut first. */
  readonly finished: readonly BackupRecord[];
  readonly databases: readonly string[];
  /** Now, by the FE; UTC, `yyyy-MM-dd HH:mm:ss`. */
  readonly now: string;
}

/**
 * The backup each database of a group is compared with.
 *
 * By default the newest finished full *of this group* in this repository: another group's full says nothing of what this
 * group's chain holds. With a label, exactly that backup and the others of its run.
 *
 * @throws {BackupError} `NO_BASELINE` for an incremental of a group without any full, `UNKNOWN_BASELINE` for a label that
 * is no finished backup of this group, `BASELINE_ELSEWHERE` for one in another repository
 */
export function chooseBaselines(question: BaselineQuestion): ReadonlyMap<string, BaselineChoice> {
  const { group, policy, finished, databases, repository } = question;
  const everywhere = finished.filter((record) => record.group === group && isRestorePoint(record));
  const named = isLabel(policy.baseline) && everywhere.find((record) => record.label === policy.baseline);
  if (named && named.repository !== repository) throw baselineElsewhere(named, repository);
  const ofGroup = everywhere.filter((record) => record.repository === repository);
  const candidates = usable(ofGroup, policy);
  if (policy.type === "incremental" && candidates.length === 0) throw nothingUsable(question, ofGroup);
  if (policy.type === "auto" && isLabel(policy.baseline) && candidates.length === 0) {
    throw nothingUsable(question, ofGroup);
  }
  const byDatabase = groupBy(candidates, (record) => record.database);
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  return new Map(
    databases.map((database) => [
      database,
      choose(
        question,
        {
          newest: byDatabase.get(database)?.at(-1),
          full: ofGroup.filter((record) => record.database === database && record.type === "full").at(-1),
        },
        byLabel,
      ),
    ]),
  );
}

/** Only the last part of a run holds, through its baselines, everything of the run. */
export function isRestorePoint(record: BackupRecord): boolean {
  return record.part === record.parts;
}

function usable(ofGroup: readonly BackupRecord[], { type, baseline }: TypePolicy): readonly BackupRecord[] {
  if (type === "full") return [];
  // A restore point without changes says no more than its own baseline.
  const real = ofGroup.filter((record) => record.status === "FINISHED");
  if (baseline === undefined) return real.filter((record) => record.type === "full");
  if (baseline === "latest") return real;
  const named = ofGroup.find((record) => record.label === baseline);
  return named === undefined ? [] : ofGroup.filter((record) => record.runId === named.runId);
}

/** What there is to compare one database with. */
interface Candidates {
  readonly newest: BackupRecord | undefined;
  /** The newest full of the group in the database. */
  readonly full: BackupRecord | undefined;
}

function choose(
  { policy, now }: BaselineQuestion,
  { newest, full }: Candidates,
  byLabel: ReadonlyMap<string, BackupRecord>,
): BaselineChoice {
  if (policy.type === "full") return { kind: "full", reason: "a full was asked for" };
  if (newest === undefined)
    return { kind: "full", reason: "there is no backup of this database to compare with" };
  if (policy.type === "incremental") return { kind: "baseline", record: newest };
  const age = full?.cutFrom === undefined ? Number.POSITIVE_INFINITY : secondsBetween(full.cutFrom, now);
  if (policy.fullEverySeconds !== undefined && age >= policy.fullEverySeconds * (1 - slack)) {
    return { kind: "full", reason: `the newest full is of ${full?.cutFrom ?? "unknown time"} UTC` };
  }
  const length = chainLength(newest.label, byLabel) + 1;
  if (policy.maxChain !== undefined && length > policy.maxChain) {
    return { kind: "full", reason: `a restore would need ${length} backups` };
  }
  return { kind: "baseline", record: newest };
}

/** A schedule drifts: of "a full every 7 days", the seventh day's run may come some minutes early. */
const slack = 0.1;

/** Backups, not snapshots: the parts of one run count once. */
function chainLength(label: string, byLabel: ReadonlyMap<string, BackupRecord>): number {
  return new Set(chain(label, byLabel).map((each) => byLabel.get(each)?.runId)).size;
}

function isLabel(baseline: string | undefined): baseline is string {
  return baseline !== undefined && baseline !== "latest";
}

function baselineElsewhere(named: BackupRecord, repository: string): BackupError {
  return new BackupError({
    code: "BASELINE_ELSEWHERE",
    message: `The baseline ${named.label} is in repository ${named.repository}, and this backup goes to ${repository}.`,
    next: `Give repository ${named.repository}, or a baseline that is in ${repository}: a chain lies in one repository.`,
  });
}

function nothingUsable(
  { policy: { baseline }, group, repository }: BaselineQuestion,
  ofGroup: readonly BackupRecord[],
): BackupError {
  if (!isLabel(baseline)) {
    const wanted = baseline === "latest" ? "backup" : "full backup";
    return new BackupError({
      code: "NO_BASELINE",
      message: `Group ${group} has no finished ${wanted} in repository ${repository} to compare with.`,
      next: "Run a full backup of the group first, or use type auto.",
    });
  }
  const newest = ofGroup.slice(-3).map((record) => record.label);
  return new BackupError({
    code: "UNKNOWN_BASELINE",
    message: `${baseline} is no finished backup of group ${group}.`,
    next:
      newest.length === 0
        ? "Run a full backup of the group first."
        : `Its newest backups are ${newest.join(", ")}.`,
  });
}
