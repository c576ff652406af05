import type { Json } from "../../windmill/json.ts";

/** What a run tells while it goes on. */
export type RunEvent =
  /** A worker has taken a job. `rootJobId`: the flow that was started, or the script itself. */
  | {
      readonly kind: "started";
      readonly stepId: string;
      readonly path: string;
      readonly jobId: string;
      readonly rootJobId: string;
    }
  | {
      readonly kind: "log";
      readonly stepId: string;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
    }
  | {
      readonly kind: "finished";
      readonly stepId: string;
      readonly path: string;
      readonly jobId: string;
      readonly success: boolean;
      readonly result: Json;
      readonly milliseconds: number;
    }
  | { readonly kind: "progress"; readonly jobId: string; readonly percent: number }
  | { readonly kind: "skipped"; readonly stepId: string }
  | { readonly kind: "sleeping"; readonly stepId: string; readonly seconds: number }
  | { readonly kind: "retrying"; readonly stepId: string; readonly attempt: number; readonly seconds: number }
  | { readonly kind: "restarting"; readonly stepId: string; readonly jobId: string }
  | { readonly kind: "suspended"; readonly stepId: string; readonly result: Json };
