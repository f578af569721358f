import { existsSync } from "node:fs";
import { readLayout } from "../../config/layout";
import type { FilestoreDirectory } from "../../model/filestores";
import { bucketInventory } from "../../promotion/bucket-inventory";
import { FolderError, folderInventory } from "../../promotion/folder-inventory";
import type { Inventory } from "../../promotion/inventory";
import { additionsTo, diffManifest } from "../../promotion/manifest-diff";
import { type HashedFile, manifestText } from "../../promotion/manifest-yaml";
import { type Run, withRun } from "../../promotion/run";
import { findUnheld } from "../../promotion/source-holdings";
import { ExitCode as Exit, type ExitCode } from "../exit-codes";
import { count } from "../format";
import { positiveNumber } from "../numbers";
import { createProgress } from "../progress";
import { requireWritable } from "../report-files";
import { UsageError } from "../usage-error";
import { appendToManifest, readManifestFile } from "./manifest-file";
import { nameComplaints } from "./manifest-names";
import { locate, type Place, type PlaceOptions } from "./manifest-place";
import { showAdditions, showDiff, showUnheld, showWithoutFilestore } from "./manifest-report";

export interface ManifestOptions extends PlaceOptions {
  readonly append?: string;
  readonly check?: string;
  readonly verify?: string;
  readonly authenticate?: boolean;
  readonly maxRequests?: string;
  readonly json?: boolean;
}

/** What the parts of one call share. */
interface Job {
  readonly run: Run;
  readonly options: ManifestOptions;
  readonly inventory: Inventory;
  readonly place: Place;
  readonly filestore: FilestoreDirectory | undefined;
}

export async function runManifest(operand: string | undefined, options: ManifestOptions): Promise<ExitCode> {
  const { append, check, verify } = options;
  const files = [append, check, verify].filter((file) => file !== undefined);
  if (files.length > 1) throw new UsageError("--append, --check and --verify exclude one another");
  if (append !== undefined) requireWritable({ flag: "--append", file: append });
  const isWriting = check === undefined && verify === undefined;
  const { place, filestore } = locate(operand, options, { file: files[0], isWriting });
  const run = {
    identity: options.authenticate ? "ambient" : "anonymous",
    maxRequests: positiveNumber("--max-requests", options.maxRequests),
  } as const;
  return withRun(run, async (run) => {
    const inventory = await openInventory(run, place);
    const job = { run, options, inventory, place, filestore };
    if (verify !== undefined) return verifyFile(job, verify);
    if (check !== undefined) return checkFile(job, check);
    return write(job);
  });
}

async function openInventory(run: Run, place: Place): Promise<Inventory> {
  if (place.kind === "folder") {
    try {
      return folderInventory(place.folder, place.prefix, place.under);
    } catch (error) {
      throw error instanceof FolderError ? new UsageError(error.message) : error;
    }
  }
  const inventory = await bucketInventory(run, place.base, place.prefix);
  if (inventory.placeholders.length > 0) {
    warn(
      `${count(inventory.placeholders.length, "placeholder")} of folders left out, e.g. ${inventory.placeholders[0]}`,
    );
  }
  return inventory;
}

/** Prints a manifest, or adds to one. Nothing is printed unless every name is right. */
async function write(job: Job): Promise<ExitCode> {
  const { inventory, options, filestore, place } = job;
  if (filestore === undefined && (place.kind === "bucket" || options.append !== undefined)) {
    warn(showWithoutFilestore(place, readLayout(options)));
  }
  const isKnown = filestore !== undefined || place.kind === "bucket" || options.append !== undefined;
  const complaints = nameComplaints(inventory.files, isKnown);
  for (const { text } of complaints) warn(text);
  if (complaints.some(({ isRefused }) => isRefused)) return Exit.failed;
  if (inventory.files.length === 0) {
    warn(`no files in ${inventory.place}`);
    if (isKnown) return Exit.failed;
  }
  if (filestore !== undefined && place.kind === "folder" && !(await isHeld(job, filestore))) return Exit.failed;
  const hashed = await hash(job);
  if (options.append !== undefined) return append(job, options.append, hashed);
  const document = { place: inventory.place, filestore: filestore?.name, files: hashed };
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : manifestText(hashed));
  return Exit.ok;
}

/** Whether the source holds every file under the name it would get. */
async function isHeld({ run, inventory, options, place }: Job, filestore: FilestoreDirectory): Promise<boolean> {
  const unheld = await findUnheld(run, filestore.source, options.append ?? filestore.name, inventory.files);
  if (unheld.length === 0) return true;
  warn(showUnheld(unheld, filestore, place));
  return false;
}

async function append({ options }: Job, file: string, hashed: readonly HashedFile[]): Promise<ExitCode> {
  const lines = existsSync(file) ? readManifestFile(file) : [];
  const additions = additionsTo(lines, hashed);
  const isRefused = additions.contradicted.length > 0;
  if (!isRefused && additions.added.length > 0) appendToManifest(file, additions.added);
  const text = options.json
    ? `${JSON.stringify({ file, written: !isRefused, ...additions }, null, 2)}\n`
    : showAdditions(file, additions);
  process.stdout.write(text);
  return isRefused ? Exit.failed : Exit.ok;
}

/** Both ways: each file has a line, and each line its file. */
async function checkFile(job: Job, file: string): Promise<ExitCode> {
  const { inventory, place } = job;
  const prefix = place.kind === "folder" ? place.under + place.prefix : place.prefix;
  const lines = readManifestFile(file).filter(({ name }) => name.startsWith(prefix));
  const diff = diffManifest(lines, await hash(job));
  process.stdout.write(showDiff(diff, file, inventory.place, job.options.json === true));
  return diff.unlisted.length + diff.gone.length + diff.differing.length > 0 ? Exit.failed : Exit.ok;
}

/** One way: whatever else the place holds is no matter. */
async function verifyFile(job: Job, file: string): Promise<ExitCode> {
  const { inventory } = job;
  const lines = readManifestFile(file);
  const names = new Set(lines.map(({ name }) => name));
  const hashed = await hash(job, names);
  const diff = { ...diffManifest(lines, hashed), unlisted: [] };
  process.stdout.write(showDiff(diff, file, inventory.place, job.options.json === true));
  return diff.gone.length + diff.differing.length > 0 ? Exit.failed : Exit.ok;
}

async function hash({ inventory, options }: Job, names?: ReadonlySet<string>): Promise<readonly HashedFile[]> {
  const files = names === undefined ? inventory.files : inventory.files.filter(({ name }) => names.has(name));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const progress = createProgress({ what: "hashing", isSilent: options.json === true });
  progress.expect(bytes, files.length);
  try {
    return await inventory.hash(progress.addBytes, names);
  } finally {
    progress.stop();
  }
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}
