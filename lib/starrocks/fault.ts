import type { ErrorCode } from "../error-codes.ts";
import { BackupError } from "../errors.ts";

/** What went wrong on the cluster's side, as far as this project reacts to it. */
export type FaultKind =
  | "login"
  | "connection"
  | "no-tls"
  | "tls"
  | "certificate"
  | "ca-certificate"
  | "client-certificate"
  | "client-refused"
  | "not-starrocks"
  | "access-denied"
  | "unknown-database"
  | "unknown-table"
  | "unknown-repository"
  | "read-only-repository"
  | "submit-lock-busy"
  | "job-running"
  | "label-taken"
  | "load-label-taken"
  | "temporary-partitions"
  | "syntax"
  | "other";

/** An error of the cluster or of the way to it. The server's text is kept, the statement never is. */
export class StarRocksFault extends BackupError {
  readonly kind: FaultKind;

  /**
   * @param doing what was attempted, as words: "read the inventory"
   * @param text what the server said, or {@link WayFault.says}
   * @param cause what the driver threw
   */
  constructor(kind: FaultKind, doing: string, text: string, cause?: unknown) {
    super({ ...rules[kind], message: `Could not ${doing}: ${readable(kind, text)}.`, cause });
    this.kind = kind;
  }
}

interface Rule {
  readonly code: ErrorCode;
  readonly next: string;
  readonly retriable: boolean;
}

const rules: Readonly<Record<FaultKind, Rule>> = {
  login: final("LOGIN_REFUSED", "Check user and password of the starrocks resource."),
  connection: passing(
    "CLUSTER_UNREACHABLE",
    "Check host and port of the starrocks resource and that the FE is up.",
  ),
  "no-tls": final(
    "TLS_NOT_OFFERED",
    "The server does not offer TLS: set ssl to false in the starrocks resource, or enable it on the FE.",
  ),
  tls: final(
    "TLS_FAILED",
    "Compare the TLS versions and ciphers of the FE with what bun offers, or set ssl to false.",
  ),
  certificate: final(
    "CERTIFICATE_NOT_TRUSTED",
    "Put the CA certificate that has signed it into ca_cert of the starrocks resource, and use the host name it is made for.",
  ),
  "ca-certificate": final(
    "CA_CERTIFICATE_UNUSABLE",
    "Put the whole PEM text into ca_cert of the starrocks resource, from BEGIN to END CERTIFICATE, or leave it empty.",
  ),
  "client-certificate": final(
    "CLIENT_CERTIFICATE_UNUSABLE",
    "Put the whole PEM texts into client_cert and client_key of the starrocks resource; the key must have no passphrase.",
  ),
  "client-refused": final(
    "CLIENT_CERTIFICATE_REFUSED",
    "Put a certificate that the server trusts, and its key, into client_cert and client_key of the starrocks resource.",
  ),
  "not-starrocks": final(
    "NOT_STARROCKS",
    "Check that the port of the starrocks resource is the FE's query_port (9030), not its HTTP port.",
  ),
  "access-denied": final(
    "ACCESS_DENIED",
    "Grant the named privilege to the user of the starrocks resource; a new plan says which GRANT is missing.",
  ),
  "unknown-database": final("UNKNOWN_DATABASE", "Check the database's name; names are case-sensitive."),
  "unknown-table": final("UNKNOWN_TABLE", "Check the table's name; names are case-sensitive."),
  "unknown-repository": final(
    "UNKNOWN_REPOSITORY",
    "Create the repository, or name one that SHOW REPOSITORIES lists.",
  ),
  "read-only-repository": final("REPOSITORY_READ_ONLY", "Name a repository that is not read-only."),
  "submit-lock-busy": passing(
    "SUBMIT_LOCK_BUSY",
    "Another job is being submitted; run the step again in a moment.",
  ),
  "job-running": passing(
    "JOB_RUNNING",
    "Wait for the running backup or restore of this database, or cancel it.",
  ),
  "label-taken": final("LABEL_TAKEN", "Plan again: a new plan gets a fresh label."),
  "load-label-taken": passing(
    "ALREADY_CLAIMED",
    "Another execution of this step was first; run the step again.",
  ),
  "temporary-partitions": passing(
    "TEMPORARY_PARTITIONS",
    "An overwrite is in flight; run again when it has ended.",
  ),
  syntax: final(
    "STATEMENT_REFUSED",
    "This StarRocks version does not know the statement; report it with the version.",
  ),
  other: final("STARROCKS_REFUSED", "Correct what StarRocks names and run again."),
};

function final(code: ErrorCode, next: string): Rule {
  return { code, next, retriable: false };
}

function passing(code: ErrorCode, next: string): Rule {
  return { code, next, retriable: true };
}

/**
 * Sorts an error of the server by code and text together, the text being decisive: codes moved between versions (1049
 * became 5501, 1051 became 5502) and most handler errors share 5064.
 */
export function faultKind(code: number, text: string): FaultKind {
  return byText.find(([pattern]) => pattern.test(text))?.[1] ?? byCode.get(code) ?? "other";
}

const byText: readonly (readonly [RegExp, FaultKind])[] = [
  [/Another backup or restore job is being submitted/, "submit-lock-busy"],
  [/Can only run one backup or restore job/, "job-running"],
  [/Snapshot with name '.*' already exist in repository/, "label-taken"],
  [/Label \[.*\] has already been used/, "load-label-taken"],
  [/(backing up|restoring) table with temp partitions/, "temporary-partitions"],
  [/Repository .*does not exist/, "unknown-repository"],
  [/Repository .* is read only/, "read-only-repository"],
  [/Getting syntax error/, "syntax"],
];

const byCode: ReadonlyMap<number, FaultKind> = new Map<number, FaultKind>([
  [1045, "login"],
  // Up to 3.0, in 3.1 and 3.2, and later (starrocks.md §21.3).
  [1227, "access-denied"],
  [1252, "access-denied"],
  [5203, "access-denied"],
  [5501, "unknown-database"],
  [1049, "unknown-database"],
  [5502, "unknown-table"],
  [1051, "unknown-table"],
  [1146, "unknown-table"],
]);

/** A syntax error repeats the statement, so its text is withheld; the analyzer's wrapping is noise. */
function readable(kind: FaultKind, text: string): string {
  if (kind === "syntax") return "StarRocks does not understand the statement";
  return (
    text
      .replace(/^Getting analyzing error[^.]*?\. Detail message: /, "")
      // What to do is said by the rule; roles are worth their room when there are any (starrocks.md §13).
      .replace(
        / for this operation\. Please ask the admin to grant permission.*?<set \[default\] role>\./,
        ".",
      )
      .replace(/ Current role\(s\): NONE\. Inactivated role\(s\): NONE\.?/, "")
      .trim()
      .replace(/[.\s]+$/, "")
  );
}
