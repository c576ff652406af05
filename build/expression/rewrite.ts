/**
 * Turns the text of a flow expression into the body of an async function, as Windmill does before it evaluates
 * it (windmill.md §6.2): lookups become awaited, and `return` is added to what looks like an expression. The
 * rewriting is textual there, so it is here: `results['x']` in single quotes stays a promise, and a lookup inside
 * a plain arrow function becomes a syntax error.
 */
export function functionBody(expression: string): string {
  const text = expression.trim();
  const awaited = AWAITED_CALLS.reduce(awaitCalls, text).replace(RESULT_LOOKUP, "(await $&)");
  return isStatements(awaited) ? awaited : `return ${awaited}`;
}

const AWAITED_CALLS = ["variable", "resource", "flow_user_state"];

const RESULT_LOOKUP = /results\??(?:\.\w+|\[".*?"\])/g;

function awaitCalls(text: string, name: string): string {
  const opening = `${name}(`;
  const at = text.indexOf(opening);
  if (at < 0) return text;
  const inner = text.slice(at + opening.length);
  const end = closingParenthesis(inner);
  const rest = awaitCalls(inner.slice(0, end), name);
  return `${text.slice(0, at)}(await ${opening}${rest}))${awaitCalls(inner.slice(end + 1), name)}`;
}

/** Parentheses are counted without regard to strings, as Windmill counts them. */
function closingParenthesis(text: string): number {
  let depth = 1;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}

const STATEMENT_START =
  /^(?:(?:const|let|var|function|class|async|await|throw) |(?:if|for|while|switch)[ (]|try[ {]|return(?:[ ;]|$))/;

function isStatements(text: string): boolean {
  return STATEMENT_START.test(text) || withoutStrings(text).includes(";");
}

function withoutStrings(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/gs, '""');
}
