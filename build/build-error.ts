/** One broken rule in one file. */
export interface Finding {
  /** Path as a reader would open it, relative to the repository. */
  readonly file: string;
  readonly rule: string;
}

/** Stops the build with everything that is wrong, so that one run shows all of it. */
export class BuildError extends Error {
  override readonly name = "BuildError";

  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ file, rule }) => `${file}: ${rule}`).join("\n"));
    this.findings = findings;
  }
}
