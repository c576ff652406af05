import { expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { buildRestoreStage, restored } from "./restore-stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";

const shops = stages(buildRestoreStage);

const sent = await shops.on(async (stage) => {
  const undisturbed = await stage.restore();
  succeeded(undisturbed.outcome);
  expect(await stage.readAftermath()).toEqual(restored);
  return undisturbed.sent;
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await stage.restore(strike);
    expect(struck, "the strike").toBe(true);
    succeeded(outcome);
    expect(await stage.readAftermath()).toEqual(restored);
  });
});
