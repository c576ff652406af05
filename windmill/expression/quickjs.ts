import variant from "@jitl/quickjs-ng-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  shouldInterruptAfterDeadline,
} from "quickjs-emscripten-core";

/** Limits of the worker (windmill-jseval): 128 MB and 20 s for one expression. */
const MEMORY_LIMIT_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** Deep recursion must end in QuickJS's own error, before it runs out of WebAssembly's stack. */
const STACK_BYTES = 256 * 1024;

let engine: ReturnType<typeof newQuickJSWASMModuleFromVariant> | undefined;

/**
 * Runs `use` in a fresh interpreter of the family Windmill's worker evaluates expressions with: no Node, no
 * Intl, no fetch, and the same syntax.
 */
export async function withQuickJs<T>(use: (context: QuickJSContext) => T): Promise<T> {
  engine ??= newQuickJSWASMModuleFromVariant(variant);
  const runtime = (await engine).newRuntime({
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
    maxStackSizeBytes: STACK_BYTES,
    interruptHandler: shouldInterruptAfterDeadline(Date.now() + TIMEOUT_MS),
  });
  const context = runtime.newContext();
  try {
    return use(context);
  } finally {
    context.dispose();
    runtime.dispose();
  }
}

/** What QuickJS reports, as one line. */
export function describeError(context: QuickJSContext, error: Parameters<QuickJSContext["dump"]>[0]): string {
  const dumped: unknown = context.dump(error);
  if (typeof dumped !== "object" || dumped === null) return String(dumped);
  return "message" in dumped && "name" in dumped
    ? `${dumped.name}: ${dumped.message}`
    : JSON.stringify(dumped);
}
