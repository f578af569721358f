import type { CopyingStore, StoredObject } from "../../lib/cloud/object-store";
import { promote } from "../../lib/promotion/engine";
import type { PromotionOptions } from "../../lib/promotion/types";
import { FakeStorage } from "./support/fake-storage";
import { filestores, hasty, manifest, request, statuses } from "./support/requests";

const kops = filestores("gs://k8s-staging-kops/kops/releases", "gs://artifacts-prod/binaries/kops");

test.each([
  { bytes: "right", wanted: "copied" },
  { bytes: "other", wanted: "corrupt" },
])(
  "a line whose copy the service tells no checksum of is read back: $bytes bytes are $wanted",
  async ({ bytes, wanted }) => {
    const storage = new FakeStorage().bucket("k8s-staging-kops").bucket("artifacts-prod");
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    storage.corrupt = (piece, { bucket }) =>
      bucket === "artifacts-prod" && bytes === "other" ? Buffer.from("BYTES") : piece;
    const silent = async (object: Promise<StoredObject | undefined>) => {
      const { crc32c: _, md5: __, ...rest } = (await object) as StoredObject;
      return rest;
    };
    const connect: PromotionOptions["connect"] = async (...how) => {
      const store = (await storage.connect(...how)) as CopyingStore;
      return {
        ...store,
        copy: (...what) => silent(store.copy(...what)),
        stat: (...what) => silent(store.stat(...what)),
      };
    };

    expect(
      statuses(
        await promote(request(kops, manifest({ kops: "bytes" })), { identity: "ambient", connect, retry: hasty }),
      ),
    ).toEqual([`kops: ${wanted}`]);
  },
);
