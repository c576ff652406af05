import type { Sent, Strike } from "./stage.ts";
import { isWrite, statementShape } from "./statement-shape.ts";

/**
 * What may happen around each statement of an undisturbed run, so that a statement that is added later is covered
 * without a change here: a kill before every statement and after every write, two executions at once from each state
 * that a write leaves, an execution that stands still before a write until another has done everything, and the death
 * of nothing but the process from each state, after which the flow tries the step again as another job.
 *
 * @param covered what another run has shown: reads before which nothing was written differently, and steps that the flow
 * has tried again after a statement of this shape
 */
export function strikes(sent: readonly Sent[], covered: Set<string>): readonly Strike[] {
  const distinct = new Map(
    sent.map(({ stepId, sql }) => [`${stepId} ${statementShape(sql)}`, { stepId, sql }]),
  );
  return [...distinct].flatMap(([key, { stepId, sql }]) => {
    const place = { stepId, shape: statementShape(sql) };
    const isCovered = covered.has(key);
    covered.add(key);
    const before: Strike = { ...place, when: "before", again: "once" };
    const alone: readonly Strike[] = isCovered ? [] : [{ ...place, when: "after", again: "by the flow" }];
    if (!isWrite(sql)) return isCovered ? [] : [before, ...alone];
    return [
      before,
      ...alone,
      { ...place, when: "after", again: "once" },
      { ...place, when: "after", again: "twice at once" },
      { ...place, when: "before", again: "while it stands still" },
    ];
  });
}
