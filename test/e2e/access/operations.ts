import type { EstateRun } from "../stacks/estate-run";

/** The sandbox lets its owner do anything. */
export const OWNER = "user:owner@example.org";

/** What came of an attempt. `kept`: who tried may do it, but the retention of the bucket forbids it. */
export type Outcome = "yes" | "no" | "kept";

export interface Operation {
  readonly title: string;

  /** Tries it on a bucket that holds `object`. */
  readonly attempt: (run: EstateRun, bucket: string, object: string, token: string | undefined) => Promise<Response>;
}

export const operations: readonly Operation[] = [
  { title: "list", attempt: (run, bucket, _, token) => run.call("GET", `/storage/v1/b/${bucket}/o`, token) },
  {
    title: "read",
    attempt: (run, bucket, object, token) => run.call("GET", `/storage/v1/b/${bucket}/o/${object}?alt=media`, token),
  },
  { title: "add", attempt: (run, bucket, object, token) => upload(run, bucket, `${object}-added`, token) },
  { title: "replace", attempt: (run, bucket, object, token) => upload(run, bucket, object, token) },
  {
    title: "delete",
    attempt: (run, bucket, object, token) => run.call("DELETE", `/storage/v1/b/${bucket}/o/${object}`, token),
  },
  {
    title: "change settings",
    attempt: (run, bucket, _, token) =>
      run.call("PATCH", `/storage/v1/b/${bucket}`, token, { labels: { tried: "yes" } }),
  },
  {
    title: "read the policy",
    attempt: (run, bucket, _, token) => run.call("GET", `/storage/v1/b/${bucket}/iam`, token),
  },
  {
    title: "write the policy",
    attempt: async (run, bucket, _, token) => {
      const policy = await (await run.call("GET", `/storage/v1/b/${bucket}/iam`, OWNER)).json();
      return run.call("PUT", `/storage/v1/b/${bucket}/iam`, token, policy);
    },
  },
];

/** Tries an operation on a fresh object, so that no attempt depends on what another one did. */
export async function tryOperation(
  run: EstateRun,
  { attempt }: Operation,
  bucket: string,
  object: string,
  token: string | undefined,
): Promise<Outcome> {
  const made = await upload(run, bucket, object, OWNER);
  if (!made.ok) throw new Error(`gs://${bucket}/${object}: could not be made: ${made.status} ${await made.text()}`);
  const answer = await attempt(run, bucket, object, token);
  const text = await answer.text();
  if (answer.ok) return "yes";
  if (/retention/i.test(text)) return "kept";
  if (answer.status === 401 || answer.status === 403) return "no";
  throw new Error(`gs://${bucket}/${object}: unexpected answer ${answer.status} ${text}`);
}

function upload(run: EstateRun, bucket: string, object: string, token: string | undefined): Promise<Response> {
  return run.call("POST", `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${object}`, token, "bytes");
}
