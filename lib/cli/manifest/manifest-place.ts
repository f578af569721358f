import { statSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { type Base, baseProblem, parseBase } from "../../model/filestore-base";
import type { FilestoreDirectory } from "../../model/filestores";
import { quote } from "../../model/suggest";
import { UsageError } from "../usage-error";
import {
  allFilestores,
  type BucketPlace,
  baseHolding,
  filestoreHolding,
  findFilestore,
  isBelow,
  refuseBeside,
} from "./manifest-filestore";

/** Where the files are that a manifest is about. */
export type Place =
  | { readonly kind: "folder"; readonly folder: string; readonly prefix: string; readonly under: string }
  /** Names are relative to `base`; only those that begin with `prefix` count. */
  | { readonly kind: "bucket"; readonly base: Base; readonly prefix: string };

export interface PlaceOptions extends LayoutOverrides {
  readonly src?: string;
  readonly prefix?: string;
  readonly under?: string;
  readonly filestore?: string;
}

export interface Located {
  readonly place: Place;

  /** The filestore directory whose manifest it is to be, if it is known. */
  readonly filestore?: FilestoreDirectory;
}

export interface Purpose {
  /** An existing or future manifest, which says more by where it stands. */
  readonly file: string | undefined;

  /** Lines are written only of what a promotion would find; what there is may be held against files anywhere. */
  readonly isWriting: boolean;
}

/** Finds the place in what the command line says. */
export function locate(operand: string | undefined, options: PlaceOptions, { file, isWriting }: Purpose): Located {
  const given = operand === "files" && options.src !== undefined ? undefined : operand;
  if (given !== undefined && options.src !== undefined) {
    throw new UsageError(`both ${quote(given)} and --src ${quote(options.src)} are given: name one place`);
  }
  const where = given ?? options.src;
  const named = options.filestore ?? (file === undefined ? undefined : directoryOf(file, options));
  const filestore = named === undefined ? undefined : findFilestore(readLayout(options), named);
  if (where === undefined) {
    if (filestore === undefined) throw new UsageError("no place: name a folder with --src, or gs://BUCKET/PREFIX/");
    return { place: { kind: "bucket", base: filestore.source, prefix: options.prefix ?? "" }, filestore };
  }
  if (!/^[a-z][a-z0-9]*:\/\//i.test(where)) return withFilestore(folderPlace(where, options), filestore);
  if (options.under) throw new UsageError("--under is for local folders: a bucket's names are known");
  const place = { ...parseUrl(where), url: where };
  const { prefix = "" } = options;
  if (isWriting) return toWrite(place, prefix, filestore ?? filestoreHolding(readLayout(options), place));
  const filestores = filestore === undefined ? allFilestores(readLayout(options)) : [filestore];
  return { place: relativeTo(baseHolding(place, filestores) ?? place, place, prefix) };
}

/** The folder below `manifests` in which a manifest stands, if it does. */
function directoryOf(file: string, options: PlaceOptions): string | undefined {
  const { root, manifests } = readLayout(options);
  const [directory, name, ...deeper] = relative(resolve(root, manifests), resolve(file)).split("/");
  return directory === ".." || name === undefined || deeper.length > 0 ? undefined : directory;
}

function withFilestore(place: Place, filestore: FilestoreDirectory | undefined): Located {
  return { place, ...(filestore !== undefined && { filestore }) };
}

function folderPlace(folder: string, { prefix = "", under = "" }: PlaceOptions): Place {
  if (folder === "") throw new UsageError("--src is empty: name a folder, or gs://BUCKET/PREFIX/");
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`--src directory ${quote(resolve(folder))}: it does not exist`);
  if (!stat.isDirectory()) throw new UsageError(`--src ${quote(resolve(folder))} is not a directory`);
  const clean = under.split("/").filter((part) => part !== "");
  if (isAbsolute(under) || clean.includes("..") || clean.includes(".")) {
    throw new UsageError(`--under ${quote(under)}: expected a path below the source base, e.g. v1.2.0`);
  }
  return { kind: "folder", folder: resolve(folder), prefix, under: clean.map((part) => `${part}/`).join("") };
}

function parseUrl(url: string): Base {
  const problem = baseProblem(url);
  const base = problem === undefined ? parseBase(url) : undefined;
  if (base !== undefined) return base;
  throw new UsageError([problem?.what ?? `${quote(url)} is no place`, problem?.repair].filter(Boolean).join(". "));
}

/** Names that are to be promoted are relative to a source. */
function toWrite(place: BucketPlace, prefix: string, filestore: FilestoreDirectory | undefined): Located {
  if (filestore === undefined) return { place: { kind: "bucket", base: place, prefix } };
  if (!isBelow(place, filestore.source)) refuseBeside(place, [filestore]);
  return { place: relativeTo(filestore.source, place, prefix), filestore };
}

function relativeTo(base: Base, place: Base, prefix: string): Place {
  return { kind: "bucket", base, prefix: place.prefix.slice(base.prefix.length) + prefix };
}
