import * as fc from "fast-check";
import { baseProblem, parseBase } from "../../lib/model/filestore-base";
import {
  bucketNameProblem,
  labelKeyProblem,
  labelValueProblem,
  locationProblem,
  projectIdProblem,
} from "../../lib/model/gcp-names";
import { objectNameProblem, utf8Length } from "../../lib/model/object-names";
import { emailProblem, principalProblem, roleProblem, serviceAccountProblem } from "../../lib/model/principals";
import type { Check } from "../../lib/model/problem";
import { sha256Problem } from "../../lib/model/sha256";
import { shorterName, stagingName } from "../../lib/model/staging-names";

const cases: readonly {
  readonly kind: string;
  readonly check: Check;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}[] = [
  {
    kind: "project id",
    check: projectIdProblem,
    right: ["abc-12", "k8s-staging-cluster-api-nested", "a".repeat(30)],
    wrong: ["abc12", "a".repeat(31), "1abcdef", "abcdef-", "Abcdef", "abc_def", "my-google-thing", "sslproj", ""],
  },
  {
    kind: "bucket name",
    check: bucketNameProblem,
    right: ["abc", "a-b_c.d", "0ab", "a".repeat(63), `${"a".repeat(63)}.${"b".repeat(63)}`, "dl.example.org"],
    wrong: [
      "ab",
      "a".repeat(64),
      "Abc",
      "-abc",
      "abc-",
      "a..b",
      "a.-b",
      "192.168.5.4",
      "google-x",
      "my-g00gle",
      "goog1",
      "a b",
    ],
  },
  {
    kind: "location",
    check: locationProblem,
    right: ["US", "eu", "NAM4", "us-central1", "europe-west10"],
    wrong: ["", "Mars", "us central1", "us-"],
  },
  {
    kind: "label key",
    check: labelKeyProblem,
    right: ["sig", "a_b-c1", "é"],
    wrong: ["Sig", "1a", "", "a".repeat(64), "a b"],
  },
  {
    kind: "label value",
    check: labelValueProblem,
    right: ["release", "1", "a_b-c", "é", "a".repeat(63)],
    wrong: ["", "Release", "a".repeat(64), "a b"],
  },
  {
    kind: "e-mail address",
    check: emailProblem,
    right: ["a@example.org", "A.b+c@x.example.org", "k8s_security_grp@example.com", "1-x@p.iam.gserviceaccount.com"],
    wrong: [
      "",
      "a",
      "a@",
      "@example.org",
      "a@b",
      "a@@example.org",
      "a b@example.org",
      ".a@example.org",
      "a..b@example.org",
      "a@-x.org",
      `${"a".repeat(65)}@example.org`,
      "a@example.org\n",
    ],
  },
  {
    kind: "service account",
    check: serviceAccountProblem,
    right: ["a@p.iam.gserviceaccount.com", "1-compute@developer.gserviceaccount.com"],
    wrong: ["a@example.org", "a@p.iam.gserviceaccount.com.evil.org"],
  },
  {
    kind: "principal",
    check: principalProblem,
    right: [
      "user:a@example.org",
      "group:a@example.org",
      "serviceAccount:a@p.iam.gserviceaccount.com",
      "domain:example.org",
      "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
      "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.sub/a/b",
      "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/ana@example.org",
      "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount",
      "serviceAccount:build-cluster.svc.id.goog[jobs/promoter]",
    ],
    wrong: [
      "serviceAccount:build-cluster.svc.id.goog[jobs]",
      "serviceAccount:build-cluster.svc.id.goog",
      "a@example.org",
      "allUsers",
      "allAuthenticatedUsers",
      "users:a@example.org",
      "user:",
      "domain:x",
      "serviceAccount:a@example.org",
      "deleted:user:a@example.org?uid=1",
      "principal://iam.googleapis.com/projects/123",
      "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p",
      "principalSet://iam.googleapis.com/x",
    ],
  },
  {
    kind: "role",
    check: roleProblem,
    right: ["roles/viewer", "roles/storage.objectViewer", "organizations/1/roles/x.y", "projects/p-1/roles/xyz"],
    wrong: ["viewer", "roles/", "roles/a b", "role/viewer"],
  },
  {
    kind: "SHA-256",
    check: sha256Problem,
    right: ["0".repeat(64), "abcdef01".repeat(8)],
    wrong: ["", "A".repeat(64), "0".repeat(63), "0".repeat(65), `sha256:${"0".repeat(64)}`, "g".repeat(64)],
  },
  {
    kind: "filestore base",
    check: baseProblem,
    right: ["gs://bucket", "gs://bucket/", "gs://bucket/a/b", "gs://bucket/a/b/", "s3://my.bucket/x"],
    wrong: [
      "bucket/x",
      "gs://",
      "gs:///x",
      "gs://bucket//x",
      "gs://bucket/../x",
      "gs://bucket/x//",
      "gs://b/x",
      "http://bucket/x",
      "GS://bucket/x",
      "gs://user@bucket/x",
      "gs://bucket:443/x",
      "gs://10.0.0.1/x",
      "gs://bucket/x?y",
      ...[
        "10.0.0.1",
        "Bucket",
        "xn--bucket",
        "sthree-bucket",
        "bucket-s3alias",
        "bucket--x-s3",
        "a-.b",
        "a.-b",
        "u@b",
      ].map((bucket) => `s3://${bucket}/x`),
    ],
  },
  {
    kind: "object name",
    check: objectNameProblem,
    right: [
      "a",
      "v1.0/linux/amd64/kops",
      ".hidden/x",
      "a b/c",
      "é",
      "a..b",
      "a+b~c@d",
      "日本/語",
      "x".repeat(1024),
      "a%20b",
    ],
    wrong: [
      "",
      "/a",
      "a/",
      "a//b",
      "..",
      "a/../b",
      "./a",
      "a\\b",
      "a%2fb",
      "a%2Fb",
      "a%00",
      "e\u0301",
      "a\u200bb",
      "a\u202eb",
      ...["\u00ad", "\u034f", "\u115f", "\u17b4", "\u180b", "\u2028", "\u2800", "\u3164", "\uffa0"].map(
        (odd) => `a${odd}b`,
      ),
      ...["\ufe0f", "\u{1d173}", "\u{e0041}", "\u{e0100}", "\ufdd0", "\uffff", "\u{1ffff}"].map((odd) => `a${odd}b`),
      ...["\u00a0", "\u2003", "\u3000"].map((space) => `a${space}b`),
      ...["a%0ab", "a%3Fb", "a%23b", "a%5cb", "a%2e%2e"],
      "a\nb",
      "a\u007f",
      "gs://x/y",
      " a",
      "a\ud800",
      "x".repeat(1025),
      "é".repeat(513),
      "a*",
      "a#b",
      ".well-known/acme-challenge/x",
    ],
  },
];

describe.each(cases)("$kind", ({ check, right, wrong }) => {
  test.each(right.map((value) => [value]))("%j is one", (value) => {
    expect(check(value)).toBeUndefined();
  });

  test.each(wrong.map((value) => [value]))("%j is none", (value) => {
    expect(check(value)).toMatchObject({
      what: expect.stringMatching(/./),
      rule: expect.stringMatching(/^[a-z0-9]+\//),
    });
  });
});

test("a base comes apart into bucket and prefix, with or without its last slash", () => {
  expect(parseBase("gs://bucket")).toEqual({ scheme: "gs", bucket: "bucket", prefix: "" });
  expect(parseBase("gs://bucket/")).toEqual({ scheme: "gs", bucket: "bucket", prefix: "" });
  expect(parseBase("gs://bucket/a/b")).toEqual(parseBase("gs://bucket/a/b/"));
  expect(parseBase("s3://bucket/a")).toEqual({ scheme: "s3", bucket: "bucket", prefix: "a/" });
});

test("bytes are counted as UTF-8 has them", async () => {
  await fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});

test("no name that passes can leave its prefix, whatever a tool makes of dots and slashes", async () => {
  const piece = fc.constantFrom("a", ".", "..", "/", "\\", "%2f", "%2e", "\u0000", " ", "é", "e\u0301", "~");
  await fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const name = pieces.join("");
      if (objectNameProblem(name) !== undefined) return;
      const { pathname } = new URL(encodeURI(name), "https://example.org/prefix/");
      expect(decodeURIComponent(pathname)).toBe(`/prefix/${name}`);
    }),
    { numRuns: 2000 },
  );
});

describe("shorterName", () => {
  test.each([
    { name: "kops", limit: 18, shorter: "kops" },
    { name: "cluster-api-provider-anvil", limit: 18, shorter: "clus-api-prov-anvi" },
    { name: "a-b-c-d-e-f-g-h-i-j-k", limit: 6, shorter: "a-b-c" },
  ])("makes $shorter of $name", ({ name, limit, shorter }) => {
    expect(shorterName(name, limit)).toBe(shorter);
  });

  test("always fits, is never empty, and neither begins nor ends with a hyphen", async () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/);
    await fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 30 }), (name, limit) => {
        expect(shorterName(name, limit)).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(shorterName(name, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

test("the staging name is what stands behind the prefix", () => {
  expect(stagingName("k8s-staging-kops", "k8s-staging-")).toBe("kops");
  expect(stagingName("k8s-staging-", "k8s-staging-")).toBeUndefined();
  expect(stagingName("k8s-release", "k8s-staging-")).toBeUndefined();
});

test.each([
  ["v1\\\\x", 'write "v1/x"'],
  ["a%2fb", 'write "a/b"'],
  ["a%252fb", "another name"],
  ["a%5Cb", "another name"],
  ["a%23b", "another name"],
])("the repair of the file name %j can be followed", (name, repair) => {
  expect(objectNameProblem(name)?.repair).toContain(repair);
});
