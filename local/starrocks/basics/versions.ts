export type StarRocksVersion = "3.3" | "3.5" | "4.0" | "4.1" | "4.2";

const builds: Record<StarRocksVersion, string> = {
  "3.3": "3.3.14 7f5e2c1",
  "3.5": "3.5.2 4f1a2b3",
  "4.0": "4.0.3 5b0e9d7",
  "4.1": "4.1.2 9c3d1e8",
  "4.2": "4.2.0 1a7c4e2",
};

export const versions = Object.keys(builds) as StarRocksVersion[];

/** What `current_version()` answers: version, space, commit (starrocks.md §16). */
export const buildVersion = (version: StarRocksVersion): string => builds[version];

export const atLeast = (version: StarRocksVersion, wanted: StarRocksVersion): boolean =>
  Number(version) >= Number(wanted);
