import type { FlowModule, InputTransform } from "../../windmill/flow/open-flow.ts";
import type { FormSchema } from "../../windmill/form-schema.ts";

/** Schemas of all built scripts and flows, by Windmill path. */
export interface Runnables {
  readonly script: ReadonlyMap<string, FormSchema>;
  readonly flow: ReadonlyMap<string, FormSchema>;
}

/** Compares what a step passes with what its script or flow takes; Windmill drops unknown arguments silently. */
export function checkInputs(
  { value }: FlowModule,
  runnables: Runnables,
  flowInput: FormSchema,
): readonly string[] {
  if (value.type !== "script" && value.type !== "flow") return [];
  const schema = runnables[value.type].get(value.path);
  if (schema === undefined) return [`runs ${value.type} ${value.path}, which is not built here`];
  const inputs = value.input_transforms;
  return [
    ...Object.keys(inputs).flatMap((name) =>
      name in schema.properties ? [] : [`passes ${name}, which ${value.path} does not take`],
    ),
    ...schema.required.flatMap((name) => requiredFault(name, inputs[name], flowInput)),
    ...Object.entries(inputs).flatMap(([name, input]) => choiceFault(name, input, schema)),
  ];
}

/** A field the form fills in by default is absent in a scheduled run, and arrives as null. */
function requiredFault(
  name: string,
  input: InputTransform | undefined,
  flowInput: FormSchema,
): readonly string[] {
  if (input === undefined) return [`does not pass ${name}, which is required`];
  if (input.type === "static")
    return input.value === undefined || input.value === null ? [`passes no value for ${name}`] : [];
  const key = /^flow_input\.(\w+)$/.exec(input.expr.trim())?.[1];
  const mayBeMissing = key !== undefined && key in flowInput.properties && !flowInput.required.includes(key);
  return mayBeMissing
    ? [`passes flow_input.${key}, which may be missing, for ${name}, which is required`]
    : [];
}

function choiceFault(name: string, input: InputTransform, schema: FormSchema): readonly string[] {
  const choices = schema.properties[name]?.enum;
  if (input.type !== "static" || typeof input.value !== "string" || choices === undefined) return [];
  return choices.includes(input.value)
    ? []
    : [`passes ${input.value} for ${name}, which is one of ${choices.join(", ")}`];
}
