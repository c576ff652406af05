import { describeError, withQuickJs } from "./quickjs.ts";
import { functionBody } from "./rewrite.ts";

/** Why Windmill could not evaluate the expression at all; undefined when it compiles. */
export async function syntaxFault(expression: string): Promise<string | undefined> {
  return await withQuickJs((context) => {
    const compiled = context.evalCode(`(async function() { ${functionBody(expression)} })`);
    const fault = compiled.error === undefined ? undefined : describeError(context, compiled.error);
    compiled.dispose();
    return fault;
  });
}
