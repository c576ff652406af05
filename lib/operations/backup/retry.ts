import { type BackupRecord, claimLabels, replaceBaseline } from "../../catalog/history.ts";
import { copyManifest, deleteManifest } from "../../catalog/manifest.ts";
import type { BackupStep } from "./observe.ts";

/**
 * Sets the next attempt up, under a label of its own: a failed label is burnt. The failed row stays as it is; the new
 * row comes last, so that a step that dies in between does all of it again.
 */
export async function retryBackup({ catalog, progress }: BackupStep, failed: BackupRecord): Promise<void> {
  const attempt = failed.attempt + 1;
  const label = `${failed.label.replace(/_try\d+$/, "")}_try${attempt}`;
  await copyManifest(catalog, failed.label, label);
  await deleteManifest(catalog, failed.label);
  await replaceBaseline(catalog, failed.runId, failed.label, label);
  await claimLabels(catalog, [{ ...failed, label, attempt }]);
  progress.say(`${failed.label} failed and is tried again as ${label}`);
}
