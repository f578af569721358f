import { type ObjectStore, StoreError } from "../../lib/cloud/object-store";
import { lastUpload } from "../../lib/promotion/last-upload";
import { withRun } from "../../lib/promotion/run";

const place = { scheme: "gs", bucket: "k8s-staging-kops", prefix: "" } as const;
const since = new Date("2026-03-01T00:00:00Z");

/** Asks about a bucket whose listing has these pages; tells how many of them were read. */
async function ask(pages: readonly (readonly string[] | StoreError)[]) {
  let read = 0;
  const store: Partial<ObjectStore> = {
    async *list() {
      for (const page of pages) {
        read += 1;
        if (page instanceof StoreError) throw page;
        yield page.map((created) => ({ bucket: place.bucket, name: created, generation: "1", size: 1, created }));
      }
    },
  };
  const options = { identity: "anonymous", connect: () => store as ObjectStore } as const;
  return { upload: await withRun(options, (run) => lastUpload(run, place, since)), read };
}

test.each([
  {
    when: "the youngest object is older",
    pages: [["2026-01-05T10:00:00Z", "2026-02-01T00:00:00Z"], ["2026-01-01T00:00:00Z"]],
    upload: { state: "idle", at: "2026-02-01T00:00:00Z" },
    read: 2,
  },
  {
    when: "an object is younger, which ends the search",
    pages: [["2026-03-02T00:00:00.123Z"], ["2026-01-01T00:00:00Z"]],
    upload: { state: "recent" },
    read: 1,
  },
  { when: "there is no object", pages: [[]], upload: { state: "empty" }, read: 1 },
  {
    when: "the bucket can not be listed",
    pages: [new StoreError("forbidden", "list gs://k8s-staging-kops/: 403")],
    upload: { state: "unknown", what: "list gs://k8s-staging-kops/: 403" },
    read: 1,
  },
])("the last upload when $when", async ({ pages, upload, read }) => {
  expect(await ask(pages)).toEqual({ upload, read });
});
