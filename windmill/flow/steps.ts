import type { FlowModule, OpenFlow } from "./open-flow.ts";

/** A step and what surrounds it, from which follows what its expressions can see. */
export interface Step {
  readonly module: FlowModule;
  /** Ids of the steps whose results exist when this one starts. */
  readonly earlier: readonly string[];
  readonly before: FlowModule | undefined;
  readonly inLoop: boolean;
  readonly isFailureModule: boolean;
}

/** Every step of a flow, those inside loops and branches included. */
export function stepsOf({ value }: OpenFlow): readonly Step[] {
  const steps = stepsIn(value.modules, [], false);
  if (value.failure_module === undefined) return steps;
  const earlier = value.modules.map(({ id }) => id);
  return [
    ...steps,
    { module: value.failure_module, earlier, before: undefined, inLoop: false, isFailureModule: true },
  ];
}

function stepsIn(modules: readonly FlowModule[], outer: readonly string[], inLoop: boolean): readonly Step[] {
  return modules.flatMap((module, index) => {
    const earlier = [...outer, ...modules.slice(0, index).map(({ id }) => id)];
    const step = { module, earlier, before: modules[index - 1], inLoop, isFailureModule: false };
    return [step, ...innerLists(module).flatMap((list) => stepsIn(list, earlier, inLoop || isLoop(module)))];
  });
}

export function isLoop({ value }: FlowModule): boolean {
  return value.type === "forloopflow" || value.type === "whileloopflow";
}

function innerLists({ value }: FlowModule): readonly (readonly FlowModule[])[] {
  switch (value.type) {
    case "forloopflow":
    case "whileloopflow":
      return [value.modules];
    case "branchone":
      return [...value.branches.map(({ modules }) => modules), value.default];
    case "branchall":
      return value.branches.map(({ modules }) => modules);
    default:
      return [];
  }
}
