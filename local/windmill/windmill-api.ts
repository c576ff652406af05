import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Told when a job reports its progress, in per cent. */
export type OnProgress = (jobId: string, percent: number) => void;

/**
 * Runs `use` with the two calls of Windmill's API that a job may make through windmill-client: progress and
 * resume addresses. Any other call is answered with 501 and its name.
 */
export async function withWindmillApi<T>(
  onProgress: OnProgress,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => void answer(request, response, onProgress));
  const address = await listen(server);
  try {
    return await use(address);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("The local API has no port."));
      else resolve(`http://127.0.0.1:${bound.port}`);
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onProgress: OnProgress,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const [, call, id] =
    /^\/api\/w\/local\/(job_metrics\/set_progress|jobs\/resume_urls)\/([^/]+)/.exec(pathname) ?? [];
  if (call === "job_metrics/set_progress" && id !== undefined) {
    onProgress(id, progressIn(await textOf(request)));
    reply(response, 200, {});
  } else if (call === "jobs/resume_urls" && id !== undefined) {
    const page = `http://${request.headers.host}/run/${id}`;
    reply(response, 200, { approvalPage: page, resume: `${page}?resume`, cancel: `${page}?cancel` });
  } else {
    reply(response, 501, { error: `The local runner does not model ${request.method} ${pathname}.` });
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function progressIn(body: string): number {
  const parsed: unknown = JSON.parse(body);
  const percent =
    typeof parsed === "object" && parsed !== null && "percent" in parsed ? parsed.percent : undefined;
  return typeof percent === "number" ? percent : 0;
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
