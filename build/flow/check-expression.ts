import { syntaxFault } from "../../windmill/expression/syntax-fault.ts";
import type { StepExpression } from "../../windmill/flow/step-expressions.ts";
import type { Step } from "../../windmill/flow/steps.ts";
import { type FormSchema, resourceTypeOf } from "../../windmill/form-schema.ts";

/** What Windmill would stumble over in an expression, at run time only. */
export async function checkExpression(
  expression: StepExpression,
  step: Step,
  schema: FormSchema,
): Promise<readonly string[]> {
  const syntax = await syntaxFault(expression.text);
  return [
    ...(syntax === undefined ? [] : [`does not compile after Windmill's rewriting: ${syntax}`]),
    ...resultFaults(expression, step),
    ...inputFaults(expression, step, schema),
    ...resumeFaults(expression, step),
  ];
}

function resultFaults({ text, seesResults }: StepExpression, { earlier }: Step): readonly string[] {
  if (/\bresults\??\.?\['/.test(text))
    return ["uses results['...']: Windmill awaits results.x and results[\"x\"] only"];
  const ids = [...text.matchAll(/\bresults\??(?:\.(\w+)|\["(.*?)"\])/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  if (ids.length > 0 && !seesResults) return ["uses results, which Windmill does not give here"];
  return ids
    .filter((id) => !earlier.includes(id))
    .map((id) => `uses results.${id}, which is no step before this one`);
}

function inputFaults({ text }: StepExpression, { inLoop }: Step, schema: FormSchema): readonly string[] {
  const uses = [...text.matchAll(/\bflow_input(?:\??\.(\w+)|\[["'](.*?)["']\])(\??\.\w+)?/g)];
  return uses.flatMap((match) => {
    const key = match[1] ?? match[2] ?? "";
    if (/^iter(_parent)*$/.test(key)) return inLoop ? [] : [`uses flow_input.${key} outside a loop`];
    const field = schema.properties[key];
    if (field === undefined) return [`uses flow_input.${key}, which the flow's input does not have`];
    const intoResource = resourceTypeOf(field) !== undefined && match[3] !== undefined;
    return intoResource ? [`looks into flow_input.${key}, which is the text "$res:..." in a flow`] : [];
  });
}

function resumeFaults({ text, seesResume }: StepExpression, { before }: Step): readonly string[] {
  const name = /\b(resumes?|approvers)\b/.exec(withoutStrings(text))?.[1];
  if (name === undefined) return [];
  if (!seesResume) return [`uses ${name}, which Windmill does not give here`];
  return before?.suspend === undefined ? [`uses ${name}, but the step before does not suspend`] : [];
}

/** Also drops property names: `result.resume` is no use of `resume`. */
function withoutStrings(text: string): string {
  return text.replace(/(["'`])(?:\\.|(?!\1).)*\1/gs, '""').replace(/\.\s*\w+/g, "");
}
