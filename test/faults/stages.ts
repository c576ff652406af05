import { afterAll } from "vitest";
import type { Stage } from "./stage.ts";

/** Lends stages to cases that run side by side, and builds another when none is free. */
export interface Stages<Of extends Stage> {
  on<Result>(work: (stage: Of) => Promise<Result>): Promise<Result>;
}

export function stages<Of extends Stage>(build: () => Promise<Of>): Stages<Of> {
  /** Stages that are as they should be; a case that fails does not give its stage back. */
  const idle: Of[] = [];
  const all: Of[] = [];
  afterAll(async () => {
    for (const { world } of all) await world.close();
  });
  return {
    async on(work) {
      const stage = idle.pop() ?? (await build());
      if (!all.includes(stage)) all.push(stage);
      const result = await work(stage);
      idle.push(stage);
      return result;
    },
  };
}
