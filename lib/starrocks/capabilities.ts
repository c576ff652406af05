/** What differs between StarRocks versions, as far as this project uses it. */
export interface Capabilities {
  /** partitions_meta has VERSION_EPOCH (since 3.4). */
  readonly versionEpoch: boolean;
  /** Ranges that a table makes by itself can be merged into longer ones (since 3.5). */
  readonly mergesRanges: boolean;
  /** ALTER TABLE … AUTO_INCREMENT = n exists (since 4.1). */
  readonly setsAutoIncrement: boolean;
}

/** @param version as `current_version()` prints it, for example `3.5.2`; one without numbers counts as newest. */
export function capabilities(version: string): Capabilities {
  const [major, minor] = version.split(/[.-]/).map(Number);
  const known = major !== undefined && !Number.isNaN(major) && minor !== undefined && !Number.isNaN(minor);
  const atLeast = (wantedMajor: number, wantedMinor: number) =>
    !known || major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return { versionEpoch: atLeast(3, 4), mergesRanges: atLeast(3, 5), setsAutoIncrement: atLeast(4, 1) };
}
