import { describe, expect, test } from "vitest";
import { succeeded } from "../end-to-end/world.ts";
import { type BackupKind, buildBackupStage, type Sent } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";
import { readTruth, sound } from "./truth.ts";

const kinds: readonly BackupKind[] = ["full", "incremental", "nothing to do"];
const shops = stages(buildBackupStage);

const recorded = await shops.on(async (stage) => {
  const runs: { kind: BackupKind; sent: readonly Sent[] }[] = [];
  for (const kind of kinds) {
    const { outcome, sent } = await stage.backUp(kind);
    succeeded(outcome);
    runs.push({ kind, sent });
  }
  return runs;
});

const covered = new Set<string>();

describe.each(recorded)("a step is killed and run again, backup: $kind", ({ kind, sent }) => {
  test.concurrent.each(strikes(sent, covered))("$stepId, $when: $shape ($again)", async (strike) => {
    await shops.on(async (stage) => {
      const { restorePoints } = await readTruth(stage.world);
      const { outcome, struck } = await stage.backUp(kind, strike);
      expect(struck, "the strike").toBe(true);
      succeeded(outcome);
      expect(await readTruth(stage.world)).toEqual({ ...sound, restorePoints: restorePoints + 1 });
    });
  });
});
