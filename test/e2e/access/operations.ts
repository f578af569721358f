import type { EstateRun } from "../stacks/estate-run";

/** What is tried: a bucket, or a folder in it that ends in a slash. */
interface Place {
  readonly bucket: string;
  readonly folder?: string;
}

/** The sandbox lets its owner do anything. */
export const OWNER = "user:owner@example.org";

/** What came of an attempt. `kept`: who tried may do it, but the retention of the bucket forbids it. */
export type Outcome = "yes" | "no" | "kept";

export interface Operation {
  readonly title: string;

  /** Tries it in a place that holds `object`. */
  readonly attempt: (run: EstateRun, place: Place, object: string, token: string | undefined) => Promise<Response>;
}

export const operations: readonly Operation[] = [
  {
    title: "list",
    attempt: (run, { bucket, folder = "" }, _, token) =>
      run.call("GET", `/storage/v1/b/${bucket}/o?prefix=${encodeURIComponent(folder)}`, token),
  },
  {
    title: "read",
    attempt: (run, place, object, token) => run.call("GET", `${objectUrl(place, object)}?alt=media`, token),
  },
  { title: "add", attempt: (run, place, object, token) => upload(run, place, `${object}-added`, token) },
  { title: "replace", attempt: (run, place, object, token) => upload(run, place, object, token) },
  {
    title: "delete",
    attempt: (run, place, object, token) => run.call("DELETE", objectUrl(place, object), token),
  },
  {
    title: "change settings",
    attempt: (run, { bucket }, _, token) =>
      run.call("PATCH", `/storage/v1/b/${bucket}`, token, { labels: { tried: "yes" } }),
  },
  {
    title: "read the policy",
    attempt: (run, place, _, token) => run.call("GET", policyUrl(place), token),
  },
  {
    title: "write the policy",
    attempt: async (run, place, _, token) => {
      const policy = await (await run.call("GET", policyUrl(place), OWNER)).json();
      return run.call("PUT", policyUrl(place), token, policy);
    },
  },
];

/** Tries an operation on a fresh object, so that no attempt depends on what another one did. */
export async function tryOperation(
  run: EstateRun,
  { attempt }: Operation,
  place: Place,
  object: string,
  token: string | undefined,
): Promise<Outcome> {
  const made = await upload(run, place, object, OWNER);
  if (!made.ok) throw new Error(`${objectUrl(place, object)}: could not be made: ${made.status} ${await made.text()}`);
  const answer = await attempt(run, place, object, token);
  const text = await answer.text();
  if (answer.ok) return "yes";
  if (/retention/i.test(text)) return "kept";
  if (answer.status === 401 || answer.status === 403) return "no";
  throw new Error(`${objectUrl(place, object)}: unexpected answer ${answer.status} ${text}`);
}

function upload(run: EstateRun, { bucket, folder = "" }: Place, object: string, token?: string): Promise<Response> {
  const name = encodeURIComponent(folder + object);
  return run.call("POST", `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}`, token, "bytes");
}

function objectUrl({ bucket, folder = "" }: Place, object: string): string {
  return `/storage/v1/b/${bucket}/o/${encodeURIComponent(folder + object)}`;
}

function policyUrl({ bucket, folder }: Place): string {
  return `/storage/v1/b/${bucket}${folder === undefined ? "" : `/managedFolders/${encodeURIComponent(folder)}`}/iam`;
}
