import { type Call, get, json, patch, put, type Reply, type Service } from "../../http/service";
import type { GroupRecord } from "../../state/records";
import type { World } from "../../state/world";
import { readBody } from "../request-body";
import { requireAdmin } from "./directory-admins";
import { etagOf, findGroup, groupsOf, invalidInput, resourceNotFound } from "./directory-records";
import { isSetting, settingValues } from "./setting-values";
import { settingsOf, writeSettings } from "./settings-record";

/** The one setting that is no text. Nobody changes it any more. */
const MAX_MESSAGE_BYTES = 26214400;

/** The Groups Settings API: every value but one is a text, `true` and `false` too. Answers in JSON whatever `alt` says. */
export function groupsSettings(world: World): Service {
  function find(call: Call): GroupRecord {
    const group = findGroup(world, call.param("group"));
    if (group === undefined) throw resourceNotFound("groupKey");
    return group;
  }

  function wire({ email, name, description }: GroupRecord): Reply {
    const settings = { email, name, description, maxMessageBytes: MAX_MESSAGE_BYTES, ...settingsOf(world, email) };
    return json({ kind: "groupsSettings#groups", etag: etagOf(settings), ...settings });
  }

  async function update(call: Call): Promise<Reply> {
    requireAdmin(world, call.principal, "admin.groups.manage");
    const body = await readBody<Readonly<Record<string, unknown>>>(call, {});
    const group = find(call);
    const named = { ...group, ...textOf(body, "name"), ...textOf(body, "description") };
    if (named.name !== group.name || named.description !== group.description) groupsOf(world).put(group.email, named);
    const settings = Object.entries(body).filter(
      ([key, value]) => isSetting(key) && value !== null && value !== undefined,
    );
    writeSettings(world, group.email, Object.fromEntries(settings.map(([key, value]) => [key, checked(key, value)])));
    return wire(named);
  }

  return {
    name: "groupssettings",
    prefix: "/groups",
    errors: "storage",
    routes: [
      get("/v1/groups/{group}", async (call) => {
        requireAdmin(world, call.principal, "admin.groups.read");
        return wire(find(call));
      }),
      patch("/v1/groups/{group}", update),
      put("/v1/groups/{group}", update),
    ],
  };
}

function textOf(body: Readonly<Record<string, unknown>>, key: "name" | "description"): Partial<GroupRecord> {
  const value = body[key];
  return typeof value === "string" ? { [key]: value } : {};
}

function checked(key: string, value: unknown): string {
  const text = String(value);
  const known = Object.hasOwn(settingValues, key) ? settingValues[key] : undefined;
  if (known !== undefined && !known.includes(text)) throw invalidInput(`INVALID_VALUE ${key}: ${text}`);
  return text;
}
