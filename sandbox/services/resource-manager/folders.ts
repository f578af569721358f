import { googleError } from "../../http/errors";
import { flag } from "../../http/flag";
import { type Call, del, get, json, patch, post, type Route } from "../../http/service";
import type { FolderRecord, ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { newEtag, randomDigits } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { startOperation } from "../operations";
import { policyRoutes } from "../policy-routes";
import { projectsOf } from "../project-lookup";
import { readBody } from "../request-body";

interface Folder extends FolderRecord {
  readonly createTime: string;
  readonly updateTime: string;
  readonly deleteTime?: string;
  readonly etag: string;
}

const TYPE = "type.googleapis.com/google.cloud.resourcemanager.v3";

/** Folders of the Resource Manager API, version 3. */
export function folderRoutes(world: World): Route[] {
  const folders = world.store.collection<Folder>("folders");

  function find(call: Call, permission: string): Folder {
    const name = `folders/${call.param("folder")}`;
    const folder = folders.get(name);
    world.access.require(call.principal, permission, name);
    if (folder === undefined) throw googleError(403, "forbidden", "The caller does not have permission");
    return folder;
  }

  /** Stores the folder as of now and answers with a finished operation. */
  function keep(folder: Folder, prefix: string, metadata: string) {
    const kept = { ...folder, updateTime: world.clock.timestamp(), etag: newEtag(world) };
    folders.put(kept.name, kept);
    return startOperation(world, {
      name: `operations/${prefix}.${randomDigits(19)}`,
      metadata: { "@type": `${TYPE}.${metadata}`, displayName: kept.displayName, parent: kept.parent },
      response: { ...kept, "@type": `${TYPE}.Folder` },
    });
  }

  function checkFree(displayName: string, parent: string, except?: string): void {
    const twin = folders
      .values()
      .find((folder) => folder.parent === parent && folder.displayName.toLowerCase() === displayName.toLowerCase());
    if (twin === undefined || twin.name === except || twin.state !== "ACTIVE") return;
    throw googleError(
      400,
      "failedPrecondition",
      `The folder operation violates display name uniqueness within the parent: ${displayName}.`,
      "FAILED_PRECONDITION",
    );
  }

  function list(call: Call, found: readonly Folder[]) {
    const page = pageOf(found, ({ name }) => name, {
      size: call.query.get("pageSize"),
      token: call.query.get("pageToken"),
      defaultSize: 100,
      largestSize: 300,
    });
    return json({ ...(page.items.length === 0 ? {} : { folders: page.items }), ...pageToken(page) });
  }

  return [
    post("/v3/folders", async (call) => {
      const { displayName, parent } = await readBody<Folder>(call, { displayName: "text", parent: "text" });
      const name = checkDisplayName(displayName);
      const above = checkParent(parent);
      world.access.require(call.principal, "resourcemanager.folders.create", above);
      checkFree(name, above);
      const createTime = world.clock.timestamp();
      const folder: Folder = {
        name: `folders/${randomDigits(12)}`,
        parent: above,
        displayName: name,
        state: "ACTIVE",
        createTime,
        updateTime: createTime,
        etag: "",
      };
      return json(keep(folder, "cf", "CreateFolderMetadata"));
    }),
    get("/v3/folders", async (call) => {
      const parent = checkParent(call.query.get("parent") ?? undefined);
      world.access.require(call.principal, "resourcemanager.folders.list", parent);
      const isShown = (folder: Folder) => folder.state === "ACTIVE" || flag(call.query, "showDeleted");
      return list(
        call,
        folders.values().filter((folder) => folder.parent === parent && isShown(folder)),
      );
    }),
    get("/v3/folders:search", async (call) =>
      list(
        call,
        folders.values().filter(({ name, state }) => {
          return state === "ACTIVE" && world.access.allows(call.principal, "resourcemanager.folders.get", name);
        }),
      ),
    ),
    get("/v3/folders/{folder}", async (call) => json(find(call, "resourcemanager.folders.get"))),
    patch("/v3/folders/{folder}", async (call) => {
      const body = await readBody<Folder>(call, { displayName: "text", parent: "text" });
      const folder = find(call, "resourcemanager.folders.update");
      const changed = applyMask(folder, body, call.query.get("updateMask"), ["displayName"]);
      checkFree(checkDisplayName(changed.displayName), folder.parent, folder.name);
      return json(keep(changed, "uf", "UpdateFolderMetadata"));
    }),
    post("/v3/folders/{folder}:move", async (call) => {
      const { destinationParent } = await readBody<{ destinationParent: string }>(call, { destinationParent: "text" });
      const folder = find(call, "resourcemanager.folders.move");
      const parent = checkParent(destinationParent);
      checkFree(folder.displayName, parent, folder.name);
      return json(keep({ ...folder, parent }, "mf", "MoveFolderMetadata"));
    }),
    del("/v3/folders/{folder}", async (call) => {
      const folder = find(call, "resourcemanager.folders.delete");
      if (isInUse(world, folder.name, folders.values())) {
        throw googleError(
          400,
          "failedPrecondition",
          `${folder.name} holds active projects or folders: a folder must be empty to be deleted.`,
          "FAILED_PRECONDITION",
        );
      }
      const deleted: Folder = { ...folder, state: "DELETE_REQUESTED", deleteTime: world.clock.timestamp() };
      return json(keep(deleted, "df", "DeleteFolderMetadata"));
    }),
    post("/v3/folders/{folder}:undelete", async (call) => {
      const { deleteTime: _gone, ...folder } = find(call, "resourcemanager.folders.undelete");
      return json(keep({ ...folder, state: "ACTIVE" }, "udf", "UndeleteFolderMetadata"));
    }),
    ...policyRoutes(world, {
      pattern: "/v3/folders/{folder}",
      permissions: "resourcemanager.folders",
      // Folders above what the sandbox holds may carry policies too.
      resource: (call) => `folders/${call.param("folder")}`,
    }),
  ];
}

function isInUse(world: World, name: string, folders: readonly Folder[]): boolean {
  const isInside = ({ parent, lifecycleState }: ProjectRecord) =>
    lifecycleState === "ACTIVE" && parent !== undefined && `${parent.type}s/${parent.id}` === name;
  return (
    folders.some(({ parent, state }) => parent === name && state === "ACTIVE") ||
    projectsOf(world).values().some(isInside)
  );
}

function checkDisplayName(name: unknown): string {
  if (typeof name === "string" && /^[\p{L}\p{N}][\p{L}\p{N} ()_-]{1,28}[\p{L}\p{N})]$/u.test(name)) return name;
  throw googleError(400, "badRequest", `Invalid display name: ${JSON.stringify(name)}, expected 3 to 30 characters.`);
}

function checkParent(parent: unknown): string {
  if (typeof parent === "string" && /^(?:organizations|folders)\/\d+$/.test(parent)) return parent;
  throw googleError(
    400,
    "badRequest",
    `Invalid parent: ${JSON.stringify(parent)}, expected organizations/N or folders/N.`,
  );
}
