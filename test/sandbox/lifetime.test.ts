import { withSandbox } from "./support";

const DAY = 24 * 3600;
const sandbox = withSandbox({ projects: ["estate"] });
const make = async (name: string, settings: object = {}, query = "") => {
  const answer = await sandbox().owner.post(`/storage/v1/b?project=estate${query}`, { name, ...settings });
  expect(answer.status).toBe(200);
};
const advance = (seconds: number) => sandbox().owner.post("/sandbox/v1/clock", { advanceSeconds: seconds });
const status = async (bucket: string, name: string) =>
  (await sandbox().owner.get(`/storage/v1/b/${bucket}/o/${name}`)).status;
const remove = (bucket: string, name: string, query = "") =>
  sandbox().owner.delete(`/storage/v1/b/${bucket}/o/${name}${query}`);

describe("retention", () => {
  test("keeps objects from being deleted and overwritten until its time is over", async () => {
    await make("kept", { retentionPolicy: { retentionPeriod: String(10 * DAY) } });
    const { json } = await sandbox().owner.upload("kept", "o", "x");

    const deleted = await remove("kept", "o");
    const overwritten = await sandbox().owner.upload("kept", "o", "y");
    const conditional = await sandbox().owner.upload("kept", "o", "y", "&ifGenerationMatch=0");

    expect(Date.parse(json.retentionExpirationTime) - Date.parse(json.timeCreated)).toBe(10 * DAY * 1000);
    expect([deleted.status, deleted.json.error.errors[0].reason]).toEqual([403, "retentionPolicyNotMet"]);
    expect(deleted.json.error.message).toContain("Object 'kept/o' is subject to bucket's retention policy");
    expect([overwritten.status, conditional.status]).toEqual([403, 412]);
    await advance(10 * DAY + 1);
    expect((await remove("kept", "o")).status).toBe(204);
  });

  test("once locked can be made longer only", async () => {
    await make("locked", { retentionPolicy: { retentionPeriod: "1000" } });
    const lock = (query: string) => sandbox().owner.post(`/storage/v1/b/locked/lockRetentionPolicy${query}`);

    expect((await lock("")).status).toBe(400);
    expect((await lock("?ifMetagenerationMatch=9")).status).toBe(412);
    expect((await lock("?ifMetagenerationMatch=1")).json.retentionPolicy).toMatchObject({ isLocked: true });
    const period = (retentionPeriod: string) =>
      sandbox().owner.patch("/storage/v1/b/locked", { retentionPolicy: { retentionPeriod } });
    expect((await period("999")).status).toBe(403);
    expect((await sandbox().owner.patch("/storage/v1/b/locked", { retentionPolicy: null })).status).toBe(403);
    expect((await period("2000")).json.retentionPolicy).toMatchObject({ retentionPeriod: "2000", isLocked: true });
  });

  test.each(["temporaryHold", "eventBasedHold"])("a %s keeps an object as long as it stands", async (hold) => {
    await make(`held-${hold.toLowerCase()}`);
    const bucket = `held-${hold.toLowerCase()}`;
    await sandbox().owner.upload(bucket, "o", "x");
    await sandbox().owner.patch(`/storage/v1/b/${bucket}/o/o`, { [hold]: true });

    const held = await remove(bucket, "o");
    await sandbox().owner.patch(`/storage/v1/b/${bucket}/o/o`, { [hold]: false });

    expect([held.status, held.json.error.errors[0].reason]).toEqual([403, "objectUnderActiveHold"]);
    expect((await remove(bucket, "o")).status).toBe(204);
  });

  test("of one object ends when its fields are cleared", async () => {
    await make("own", {}, "&enableObjectRetention=true");
    await sandbox().owner.upload("own", "o", "x");
    const path = "/storage/v1/b/own/o/o?overrideUnlockedRetention=true";
    const retention = { mode: "Unlocked", retainUntilTime: "2090-01-01T00:00:00Z" };
    expect((await sandbox().owner.patch(path, { retention })).json).toMatchObject({ retention });

    const { status, json } = await sandbox().owner.patch(path, { retention: { mode: null, retainUntilTime: null } });

    expect([status, json.retention, json.retentionExpirationTime]).toEqual([200, undefined, undefined]);
    expect((await remove("own", "o")).status).toBe(204);
  });

  test("of one object is set in the future, where the bucket has it, and taken back by an override only", async () => {
    const iamConfiguration = { uniformBucketLevelAccess: { enabled: true } };
    await make("own-strict", { iamConfiguration }, "&enableObjectRetention=true");
    await make("own-none");
    for (const bucket of ["own-strict", "own-none"]) await sandbox().owner.upload(bucket, "o", "x");
    const bindings = [{ role: "roles/storage.objectUser", members: ["user:alice@example.org"] }];
    await sandbox().owner.put("/storage/v1/b/own-strict/iam", { bindings });
    const retain = async (bucket: string, retention: object | null, query = "", who = sandbox().owner) =>
      (await who.patch(`/storage/v1/b/${bucket}/o/o${query}`, { retention })).status;
    const until = (year: number, mode = "Unlocked") => ({ mode, retainUntilTime: `${year}-01-01T00:00:00Z` });

    expect(await retain("own-none", until(2090))).toBe(400);
    expect(await retain("own-strict", until(2020))).toBe(400);
    expect(await retain("own-strict", until(2090), "", sandbox().owner.as("user:alice@example.org"))).toBe(403);
    expect(await retain("own-strict", until(2090))).toBe(200);
    expect(await retain("own-strict", until(2091))).toBe(200);
    for (const weaker of [null, until(2080), until(2091, "Locked")]) {
      expect(await retain("own-strict", weaker)).toBe(403);
    }
    expect(await retain("own-strict", until(2080), "?overrideUnlockedRetention=true")).toBe(200);
  });

  test("counts from the release of an event-based hold", async () => {
    await make("event", { retentionPolicy: { retentionPeriod: String(DAY) }, defaultEventBasedHold: true });
    await sandbox().owner.upload("event", "o", "x");
    await advance(5 * DAY);
    await sandbox().owner.patch("/storage/v1/b/event/o/o", { eventBasedHold: false });

    expect((await remove("event", "o")).json.error.errors[0].reason).toBe("retentionPolicyNotMet");
    await advance(DAY + 1);
    expect((await remove("event", "o")).status).toBe(204);
  });
});

describe("a lifecycle rule", () => {
  const rule = (action: object, condition: object) => ({ lifecycle: { rule: [{ action, condition }] } });

  test("deletes objects of its age when the clock gets there", async () => {
    await make("sixty", rule({ type: "Delete" }, { age: 60 }));
    await sandbox().owner.upload("sixty", "old", "x");
    await advance(30 * DAY);
    await sandbox().owner.upload("sixty", "young", "x");
    await advance(29 * DAY);
    expect(await status("sixty", "old")).toBe(200);

    await advance(DAY + 1);

    expect([await status("sixty", "old"), await status("sixty", "young")]).toEqual([404, 200]);
  });

  test("acts on those that all of its conditions name", async () => {
    await make("tmp", rule({ type: "Delete" }, { age: 1, matchesPrefix: ["tmp/"], matchesSuffix: [".log"] }));
    for (const name of ["tmp/a.log", "tmp/a.txt", "a.log"]) await sandbox().owner.upload("tmp", name, "x");
    await advance(2 * DAY);

    const { json } = await sandbox().owner.get("/storage/v1/b/tmp/o?fields=items/name");

    expect(json.items).toEqual([{ name: "a.log" }, { name: "tmp/a.txt" }]);
  });

  test("is weaker than retention", async () => {
    await make("both", {
      ...rule({ type: "Delete" }, { age: 1 }),
      retentionPolicy: { retentionPeriod: String(10 * DAY) },
    });
    await sandbox().owner.upload("both", "o", "x");

    await advance(5 * DAY);
    const before = await status("both", "o");
    await advance(6 * DAY);

    expect([before, await status("both", "o")]).toEqual([200, 404]);
  });

  test("changes the storage class", async () => {
    await make("cold", rule({ type: "SetStorageClass", storageClass: "COLDLINE" }, { age: 1 }));
    await sandbox().owner.upload("cold", "o", "x");
    await advance(2 * DAY);

    expect((await sandbox().owner.get("/storage/v1/b/cold/o/o")).json.storageClass).toBe("COLDLINE");
  });

  test("changes to the coldest class that is due, and never to a warmer one", async () => {
    const to = (storageClass: string, age: number) => ({
      action: { type: "SetStorageClass", storageClass },
      condition: { age },
    });
    await make("tiers", { lifecycle: { rule: [to("NEARLINE", 30), to("ARCHIVE", 365)] } });
    await make("colder", { lifecycle: { rule: [to("NEARLINE", 30)] }, storageClass: "COLDLINE" });
    for (const bucket of ["tiers", "colder"]) await sandbox().owner.upload(bucket, "o", "x");
    const classes = () =>
      Promise.all(
        ["tiers", "colder"].map(
          async (bucket) => (await sandbox().owner.get(`/storage/v1/b/${bucket}/o/o`)).json.storageClass,
        ),
      );

    await advance(31 * DAY);
    expect(await classes()).toEqual(["NEARLINE", "COLDLINE"]);
    await advance(340 * DAY);
    expect(await classes()).toEqual(["ARCHIVE", "COLDLINE"]);
  });

  test("deletes noncurrent versions that newer ones have followed", async () => {
    await make("versioned-rule", {
      ...rule({ type: "Delete" }, { numNewerVersions: 2, isLive: false }),
      versioning: { enabled: true },
    });
    for (const text of ["1", "2", "3", "4"]) await sandbox().owner.upload("versioned-rule", "o", text);
    await advance(1);

    const { json } = await sandbox().owner.get("/storage/v1/b/versioned-rule/o?versions=true");

    expect(json.items).toHaveLength(2);
  });
});

describe("versioning", () => {
  test("keeps what was overwritten or deleted, until its generation is deleted", async () => {
    await make("versioned", { versioning: { enabled: true } });
    const first = (await sandbox().owner.upload("versioned", "o", "first")).json.generation;
    const second = (await sandbox().owner.upload("versioned", "o", "second")).json.generation;
    await remove("versioned", "o");
    const list = async () => (await sandbox().owner.get("/storage/v1/b/versioned/o?versions=true")).json.items ?? [];

    expect(await status("versioned", "o")).toBe(404);
    const versions = await list();
    expect(versions.map(({ generation }: { generation: string }) => generation)).toEqual([first, second]);
    expect(versions.every(({ timeDeleted }: { timeDeleted?: string }) => timeDeleted !== undefined)).toBe(true);
    const old = await sandbox().owner.get(`/storage/v1/b/versioned/o/o?alt=media&generation=${first}`);
    expect(old.text).toBe("first");
    expect((await sandbox().owner.delete("/storage/v1/b/versioned")).status).toBe(409);
    await remove("versioned", "o", `?generation=${first}`);
    await remove("versioned", "o", `?generation=${second}`);
    expect(await list()).toEqual([]);
    expect((await remove("versioned", "o", `?generation=${second}`)).status).toBe(404);
  });
});

describe("soft deletion", () => {
  test("lets an object be restored for a week", async () => {
    await make("soft");
    const { generation } = (await sandbox().owner.upload("soft", "o", "x")).json;
    await remove("soft", "o");

    const listed = (await sandbox().owner.get("/storage/v1/b/soft/o?softDeleted=true")).json.items;
    const restored = await sandbox().owner.post(`/storage/v1/b/soft/o/o/restore?generation=${generation}`);
    const text = (await sandbox().owner.get("/storage/v1/b/soft/o/o?alt=media")).text;

    expect(listed).toMatchObject([{ name: "o", generation }]);
    expect(listed[0].hardDeleteTime).toBeDefined();
    expect(restored.json.generation).not.toBe(generation);
    expect(text).toBe("x");
  });

  test("is not undone over a live object that may not be overwritten", async () => {
    const iamConfiguration = { uniformBucketLevelAccess: { enabled: true } };
    await make("soft-kept", { iamConfiguration });
    const { generation } = (await sandbox().owner.upload("soft-kept", "o", "old")).json;
    await remove("soft-kept", "o");
    await sandbox().owner.upload("soft-kept", "o", "live");
    const roles = "/iam/v1/projects/estate/roles";
    const includedPermissions = ["storage.objects.create", "storage.objects.restore"];
    await sandbox().owner.post(roles, { roleId: "restorer", role: { title: "x", includedPermissions } });
    const bindings = [{ role: "projects/estate/roles/restorer", members: ["user:alice@example.org"] }];
    await sandbox().owner.put("/storage/v1/b/soft-kept/iam", { bindings });
    const restore = (who = sandbox().owner) => who.post(`/storage/v1/b/soft-kept/o/o/restore?generation=${generation}`);

    expect((await restore(sandbox().owner.as("user:alice@example.org"))).json.error.message).toContain(
      "storage.objects.delete",
    );
    await sandbox().owner.patch("/storage/v1/b/soft-kept", { retentionPolicy: { retentionPeriod: String(DAY) } });
    expect((await restore()).json.error.errors[0].reason).toBe("retentionPolicyNotMet");
    expect((await sandbox().owner.get("/storage/v1/b/soft-kept/o/o?alt=media")).text).toBe("live");
  });

  test("ends when its time is over, and never begins where it is off", async () => {
    await make("soft-week");
    await make("soft-off", { softDeletePolicy: { retentionDurationSeconds: "0" } });
    for (const bucket of ["soft-week", "soft-off"]) {
      await sandbox().owner.upload(bucket, "o", "x");
      await remove(bucket, "o");
    }
    const list = async (bucket: string) =>
      (await sandbox().owner.get(`/storage/v1/b/${bucket}/o?softDeleted=true`)).json.items;

    expect(await list("soft-week")).toHaveLength(1);
    expect(await list("soft-off")).toBeUndefined();
    await advance(8 * DAY);
    expect(await list("soft-week")).toBeUndefined();
  });
});
