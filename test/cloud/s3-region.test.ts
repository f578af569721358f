import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ambient, anonymous } from "../../lib/cloud/auth";
import { s3Store } from "../../lib/cloud/s3-store";
import { contextAt } from "./support/s3-fixtures";

const object = { bucket: "bucket-in-paris", name: "v1/kops" };

/** A service whose bucket is in another region than anybody would guess. */
async function withService(run: (url: string, seen: IncomingMessage[]) => Promise<void>, bucketStatus = 301) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    seen.push(request);
    const isBucket = request.url === "/bucket-in-paris" || request.url === "/bucket-in-paris/";
    response.writeHead(isBucket ? bucketStatus : 200, {
      "x-amz-bucket-region": "eu-west-3",
      etag: '"e"',
      "content-length": 0,
    });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test.each([301, 403, 400])(
  "a bucket's region is found although the first answer is %d, and asked for once",
  async (status) => {
    await withService(async (url, seen) => {
      const store = s3Store(ambient, contextAt(url));
      await Promise.all([store.stat(object, {}), store.stat(object, {})]);
      const signed = seen.map(({ url: path, headers }) => [path?.split("?")[0], headers.authorization?.split("/")[2]]);

      expect(signed).toEqual([
        [expect.stringMatching(/^\/bucket-in-paris\/?$/), "us-east-1"],
        ["/bucket-in-paris/v1/kops", "eu-west-3"],
        ["/bucket-in-paris/v1/kops", "eu-west-3"],
      ]);
    }, status);
  },
);

test("AWS_REGION is where the region is asked for", async () => {
  await withService(async (url, seen) => {
    const context = contextAt(url);
    await s3Store(ambient, { ...context, env: { ...context.env, AWS_REGION: "us-west-2" } }).stat(object, {});

    expect(seen[0]?.headers.authorization).toContain("/us-west-2/s3/");
  });
});

test("a check without credentials signs nothing, whatever the environment holds", async () => {
  await withService(async (url, seen) => {
    const store = s3Store(anonymous, contextAt(url));
    await store.stat(object, {});

    expect(store.identity).toBe("anonymous");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

test("a Google service account does not leave the house: AWS credentials are used", async () => {
  await withService(async (url, seen) => {
    const store = s3Store({ kind: "serviceAccount", email: "promoter@p.iam.gserviceaccount.com" }, contextAt(url));
    await store.stat(object, {});

    expect(store.identity).toBe("AWS default credentials");
    expect(seen.every(({ headers }) => headers.authorization?.includes("Credential=test-root/"))).toBe(true);
  });
});

test("what is public is read without AWS credentials where there are none", async () => {
  // The SDK looks for them in the files of whoever runs this, and in the machine's metadata.
  const nowhere = { AWS_EC2_METADATA_DISABLED: "true", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  Object.assign(process.env, nowhere, { AWS_CONFIG_FILE: "/dev/null" });
  await withService(async (url, seen) => {
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = contextAt(url).env;
    const store = s3Store(ambient, { ...contextAt(url), env });
    await store.stat(object, {});

    expect(store.identity).toBe("nobody, as no AWS credentials were found");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});
