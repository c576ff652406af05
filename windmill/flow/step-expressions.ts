import type { FlowModule, InputTransform } from "./open-flow.ts";

/** An expression of a step, and what Windmill lets it see. */
export interface StepExpression {
  /** Where it is written, for example `retry.retry_if`. */
  readonly place: string;
  readonly text: string;
  /** False where Windmill evaluates without the steps' results. */
  readonly seesResults: boolean;
  /** True where `resume`, `resumes` and `approvers` exist, if the step before suspends. */
  readonly seesResume: boolean;
}

export function expressionsOf(module: FlowModule): readonly StepExpression[] {
  const predicates = (["stop_after_if", "stop_after_all_iters_if"] as const).flatMap((place) => {
    const text = module[place]?.expr;
    return text === undefined ? [] : [{ place, text, seesResults: true, seesResume: false }];
  });
  return [
    ...before("skip_if", module.skip_if),
    ...inputs(module),
    ...transform("timeout", module.timeout, { seesResults: true, seesResume: false }),
    ...(module.retry?.retry_if === undefined
      ? []
      : [
          {
            place: "retry.retry_if",
            text: module.retry.retry_if.expr,
            seesResults: false,
            seesResume: false,
          },
        ]),
    ...predicates,
    ...transform("sleep", module.sleep, { seesResults: false, seesResume: false }),
  ];
}

const BEFORE_STEP = { seesResults: true, seesResume: true };

function inputs({ value }: FlowModule): readonly StepExpression[] {
  switch (value.type) {
    case "script":
    case "flow":
      return Object.entries(value.input_transforms).flatMap(([name, input]) =>
        transform(name, input, BEFORE_STEP),
      );
    case "forloopflow":
      return transform("iterator", value.iterator, BEFORE_STEP);
    case "branchone":
      return value.branches.flatMap((branch, index) => before(`branches[${index}]`, branch));
    default:
      return [];
  }
}

function before(place: string, predicate: { readonly expr: string } | undefined): readonly StepExpression[] {
  return predicate === undefined ? [] : [{ place, text: predicate.expr, ...BEFORE_STEP }];
}

function transform(
  place: string,
  input: InputTransform | undefined,
  sees: Pick<StepExpression, "seesResults" | "seesResume">,
): readonly StepExpression[] {
  return input?.type === "javascript" ? [{ place, text: input.expr, ...sees }] : [];
}
