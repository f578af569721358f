import { adoptionFile } from "../../adoption/adoption-file";
import type { Layout } from "../../config/layout";
import { adoptFolder } from "../../config/load-adoptions";
import { inputReader } from "../../onboarding/input-files";
import { writeChanges } from "../../onboarding/write-changes";
import { completeEarlierChange } from "../change-inputs";
import { unifiedDiff } from "../show-changes";

export interface Adoption {
  /** What is taken over, in words. */
  readonly subject: string;
  readonly stack: string;
  readonly imports: Readonly<Record<string, string>>;
}

export interface Written {
  readonly file: string;
  readonly isWritten: boolean;

  /** What changes in the file; empty when it says so already. */
  readonly diff: string;
}

/** Writes the reviewed file that makes the next deploy of a stack take existing objects over. */
export function writeAdoption(layout: Layout, adoption: Adoption, isAllowed: boolean): Written {
  const { subject, stack, imports } = adoption;
  const file = `${adoptFolder(layout.infra)}/${stack}.yaml`;
  if (isAllowed) completeEarlierChange(layout);
  const before = inputReader(layout)(file);
  const after = Object.keys(imports).length > 0 ? adoptionFile(subject, stack, imports) : undefined;
  const change = { file, before, after };
  const isChanged = before !== after;
  if (isAllowed && isChanged) writeChanges(layout, [change], `adopt ${stack}`);
  return { file, isWritten: isAllowed && isChanged, diff: isChanged ? unifiedDiff([change]) : "" };
}
