import { type Download, tryDownload } from "../../cloud/public-download";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import type { Diagnostic } from "../../diagnostics";
import { publicUrls } from "../../model/public-urls";
import { utcDay } from "../../model/retirement";
import type { Draft } from "../../model/rules/draft";
import { type AwaitedStep, awaitedSteps } from "../../model/rules/retirements";
import { check, resolve, verify } from "../../promotion/engine";
import { type LastUpload, lastUpload } from "../../promotion/last-upload";
import { contradictsRecord } from "../../promotion/record";
import { withOneDeadline, withRun } from "../../promotion/run";
import { standingObject } from "../../promotion/standing";
import type { LineOutcome, PendingLine, PromotionOptions, PromotionRequest } from "../../promotion/types";
import { chooseProject, type StagingPlace, stagingPlaces } from "../choose-project";
import { assertInputs, concernsAny, concernsLines } from "../concerning";
import type { Progress } from "../progress";
import { requestFor } from "../promotion-request";

export interface StatusOptions extends LayoutOverrides {
  readonly engine: PromotionOptions;
  readonly project: string | undefined;
  readonly isDeep: boolean;
  readonly idleDays: number;
  readonly now: Date;

  /** Addresses to ask, and each one that has answered. */
  readonly progress: Pick<Progress, "expect" | "addFile">;
}

export interface UrlStatus {
  readonly url: string;
  readonly download: Download;
}

/** One line at one destination, and at the addresses where the public finds it. */
export interface LineStatus {
  readonly result: LineOutcome | PendingLine;
  readonly urls: readonly UrlStatus[];
}

export interface IdlePlace extends StagingPlace {
  readonly upload: LastUpload;
}

export interface Status {
  readonly lines: readonly LineStatus[];

  /** Staging projects that nobody has pushed to for so long, or that could not be looked at. */
  readonly idle: readonly IdlePlace[];
  /** Retirements that have not come to their end. */
  readonly retirements: readonly AwaitedStep[];

  /** Errors in manifests and filestores: there may be lines of which nothing is known. */
  readonly unread: readonly Diagnostic[];
}

/** What is live: every line of the manifests, at its destinations and at its public addresses. */
export function readStatus(options: StatusOptions): Promise<Status> {
  return withOneDeadline(options, readAll);
}

async function readAll(options: StatusOptions): Promise<Status> {
  const layout = readLayout(options);
  assertInputs(layout);
  const { draft, diagnostics } = loadEstate(layout);
  const chosen = options.project === undefined ? undefined : chooseProject(draft, options.project);
  const { filestores, staging } = chosen ?? draft;
  const places = stagingPlaces(draft).filter(({ projectId }) => chosen?.projectIds.has(projectId) ?? true);
  const request = requestFor({ ...draft, filestores });
  const lines = await look(request, options);
  const [urls, idle] = await Promise.all([visitAll(lines, draft, options), findIdle(places, options)]);
  return {
    lines: lines.map((result, index) => ({ result, urls: urls[index] ?? [] })),
    idle,
    retirements: awaitedSteps(staging, utcDay(options.now)),
    unread: diagnostics.filter(
      (found) =>
        found.severity === "error" &&
        concernsLines(found, layout) &&
        (chosen === undefined || concernsAny(found, chosen.folders)),
    ),
  };
}

/** Listings, and without `isDeep` the bytes of those objects only whose record is not theirs. */
async function look(
  request: PromotionRequest,
  { engine, isDeep }: StatusOptions,
): Promise<readonly (LineOutcome | PendingLine)[]> {
  if (isDeep) return (await check(request, engine)).outcomes;
  const { lines } = await resolve(request, engine);
  const suspects = lines.filter((line) => line.outcome === undefined && isSuspect(line));
  if (suspects.length === 0) return lines;
  const { outcomes } = await verify({ lines: suspects }, engine);
  const read = new Map(suspects.map((line, index) => [line, outcomes[index]]));
  return lines.map((line) => read.get(line) ?? line);
}

function isSuspect({ pending, object }: PendingLine): boolean {
  return pending === "destination" && contradictsRecord(object);
}

function visitAll(
  lines: readonly (LineOutcome | PendingLine)[],
  { defaults }: Draft,
  { engine, isDeep, progress }: StatusOptions,
): Promise<readonly (readonly UrlStatus[])[]> {
  return withRun(engine, ({ context, signal }) =>
    Promise.all(
      lines.map(async (result) => {
        const object = standingObject(result);
        if (object === undefined) return [];
        const { scheme } = result.destination;
        const expected = { ...object, sha256: result.line.sha256 };
        const addresses = publicUrls({ scheme, bucket: object.bucket, name: object.name }, defaults.serving);
        progress.expect(0, addresses.length);
        return Promise.all(
          addresses.map(async (url) => {
            const download = await tryDownload(context, url, expected, isDeep, signal);
            progress.addFile();
            return { url, download };
          }),
        );
      }),
    ),
  );
}

async function findIdle(
  places: readonly StagingPlace[],
  { engine, idleDays, now }: StatusOptions,
): Promise<readonly IdlePlace[]> {
  const since = new Date(now.getTime() - idleDays * 86_400_000);
  const looked = await withRun(engine, (run) =>
    Promise.all(
      places.map(async (place) => ({
        ...place,
        upload: await lastUpload(run, { scheme: "gs", bucket: place.bucket, prefix: place.prefix }, since),
      })),
    ),
  );
  return looked.filter(({ upload }) => upload.state !== "recent");
}
