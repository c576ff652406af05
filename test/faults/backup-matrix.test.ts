import { describe, expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { sell } from "./shop.ts";
import { type BackupKind, buildBackupStage, type Sent } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";
import { countRestorePoints, readTruth, sound } from "./truth.ts";

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
      const restorePoints = await countRestorePoints(stage.world);
      const { outcome, struck } = await stage.backUp(kind, strike);
      expect(struck, "the strike").toBe(true);
      succeeded(outcome);
      expect(await readTruth(stage.world)).toEqual({ ...sound, restorePoints: restorePoints + 1 });
    });
  });
});

test("a last step that dies at every try fails the flow, and the next run is like any other", async () => {
  await shops.on(async (stage) => {
    const restorePoints = await countRestorePoints(stage.world);
    await sell(stage.world.client);
    const steps: string[] = [];
    const { ticker } = stage.world.starrocks;
    ticker.start();
    const failed = await stage.world.flow(
      "backup",
      { group: "g", type: "incremental", baseline: "latest" },
      {
        faults: ({ stepId }) =>
          stepId === "report" ? { kind: "kill", when: async () => undefined } : undefined,
        onEvent: (event) => event.kind === "started" && steps.push(event.stepId),
      },
    );
    await ticker.pause();
    expect(failed.kind).toBe("failure");
    expect(steps.slice(-5)).toEqual(["report", "report", "report", "report", "failure"]);
    succeeded((await stage.backUp("incremental")).outcome);
    const { restorePoints: now, ...truth } = await readTruth(stage.world);
    expect({ ...truth, restorePoints: 0 }).toEqual({ ...sound, restorePoints: 0 });
    expect(now).toBeGreaterThan(restorePoints);
  });
});
