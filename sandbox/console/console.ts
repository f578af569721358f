import { createHash } from "node:crypto";
import { googleError } from "../http/errors";
import { type Call, get, json, type Reply, type Service } from "../http/service";
import type { World } from "../state/world";
import { readAsset } from "./assets";
import { bucketList, projectList } from "./estate-view";
import { groupDetail, groupList } from "./group-view";
import { bindingList } from "./iam-view";
import { ObjectView } from "./object-view";

/** Where the page asks for its parts and data: below the control interface, open to loopback only. */
const BASE = "/sandbox/v1/console";

/**
 * The console: a page that shows what the sandbox holds. Its data is for the eyes of whoever runs the sandbox, so nobody
 * is asked who they are; it changes nothing.
 */
export function consoleData(world: World): Service {
  const objects = new ObjectView(world);
  return {
    name: "sandbox-console",
    prefix: BASE,
    routes: [
      get("/version", async () => json({ version: versionOf(world), now: world.clock.timestamp() })),
      get("/projects", async ({ query }) => json(projectList(world, query))),
      get("/buckets", async ({ query }) => json(bucketList(world, objects, query))),
      get("/objects", async ({ query, origin }) => json(objects.browse(query, origin))),
      get("/published", async ({ query, origin }) => json(objects.published(query, origin))),
      get("/groups", async ({ query }) => json(groupList(world, query))),
      get("/group", async ({ query }) => json(groupDetail(world, query.get("email") ?? ""))),
      get("/iam", async ({ query }) => json(bindingList(world, query))),
      get("/page/{asset+}", async (call) => asset(call.param("asset"), call)),
    ],
  };
}

/** The page itself, at the root. */
export function consolePage(): Service {
  return { name: "sandbox-console", prefix: "", routes: [get("/", (call) => asset("console.html", call))] };
}

/**
 * The page may load its own parts and nothing else. Buckets are served from the same origin, so scripts are tied to the
 * console's folder: whatever an object is called or holds, it can't run here.
 */
async function asset(path: string, { origin }: Call): Promise<Reply> {
  const found = readAsset(path);
  if (found === undefined) throw googleError(404, "notFound", `The console has no ${path}.`);
  const own = `${origin}${BASE}/page/`;
  const policy = `default-src 'none'; script-src ${own}; style-src ${own}; connect-src ${origin}/sandbox/; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return {
    status: 200,
    headers: {
      "content-type": found.type,
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    },
    body: found.bytes,
  };
}

/** Changes with every change of the store, so that the page knows when to look again. */
function versionOf(world: World): string {
  const versions = world.store.names().map((name) => `${name} ${world.store.collection(name).version}`);
  return createHash("sha256").update(versions.join("\n")).digest("base64url");
}
