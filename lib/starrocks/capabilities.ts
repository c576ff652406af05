/** What differs between StarRocks versions, as far as this project uses it. */
export interface Capabilities {
  /** partitions_meta has VERSION_EPOCH (since 3.4). */
  readonly versionEpoch: boolean;
}

/** @param version as `current_version()` prints it, for example `3.5.2`; one without numbers counts as newest. */
export function capabilities(version: string): Capabilities {
  const [major, minor] = version.split(/[.-]/).map(Number);
  const known = major !== undefined && !Number.isNaN(major) && minor !== undefined && !Number.isNaN(minor);
  const atLeast34 = !known || major > 3 || (major === 3 && minor >= 4);
  return { versionEpoch: atLeast34 };
}
