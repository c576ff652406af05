import { afterAll, describe, expect, test } from "vitest";
import { succeeded } from "../end-to-end/world.ts";
import { buildStage, type Kind, type Sent, type Stage, type Strike } from "./stage.ts";
import { isWrite, statementShape } from "./statement-shape.ts";
import { readTruth, sound } from "./truth.ts";

const kinds: readonly Kind[] = ["full", "incremental", "nothing to do"];

/** Stages that are as they should be; a case that fails does not give its stage back. */
const idle: Stage[] = [];
const all: Stage[] = [];
afterAll(async () => {
  for (const { world } of all) await world.close();
});

async function onStage<Result>(work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const stage = idle.pop() ?? (await buildStage());
  if (!all.includes(stage)) all.push(stage);
  const result = await work(stage);
  idle.push(stage);
  return result;
}

/** The cases come from an undisturbed run, so that a statement that is added later is covered without a change here. */
const recorded = await onStage(async (stage) => {
  const runs: { kind: Kind; sent: readonly Sent[] }[] = [];
  for (const kind of kinds) {
    const { outcome, sent } = await stage.backUp(kind);
    succeeded(outcome);
    runs.push({ kind, sent });
  }
  return runs;
});

/** Reads that a case of another kind of backup covers: nothing was written differently before them. */
const covered = new Set<string>();

describe.each(recorded)("a step is killed and run again, backup: $kind", ({ kind, sent }) => {
  test.concurrent.each(strikes(sent))("$stepId, $when: $shape ($again)", async (strike) => {
    await onStage(async (stage) => {
      const { restorePoints } = await readTruth(stage.world);
      const { outcome, struck } = await stage.backUp(kind, strike);
      expect(struck, "the kill struck").toBe(true);
      succeeded(outcome);
      expect(await readTruth(stage.world)).toEqual({ ...sound, restorePoints: restorePoints + 1 });
    });
  });
});

/** Before every statement, after every write; a step that starts twice at once does so from each state that a write leaves. */
function strikes(sent: readonly Sent[]): readonly Strike[] {
  const distinct = new Map(
    sent.map(({ stepId, sql }) => [`${stepId} ${statementShape(sql)}`, { stepId, sql }]),
  );
  return [...distinct.values()].flatMap(({ stepId, sql }) => {
    const place = { stepId, shape: statementShape(sql) };
    const before: Strike = { ...place, when: "before", again: "once" };
    if (!isWrite(sql)) {
      const read = `${stepId} ${place.shape}`;
      if (covered.has(read)) return [];
      covered.add(read);
      return [before];
    }
    return [
      before,
      { ...place, when: "after", again: "once" },
      { ...place, when: "after", again: "twice at once" },
    ];
  });
}
