import { googleError } from "../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../http/service";
import type { World } from "../state/world";
import { applyMask } from "./field-mask";
import { randomDigits } from "./identifiers";
import { pageOf, pageToken } from "./listing";
import { openProject } from "./project-lookup";
import { readBody, type Shape, TEXT_MAP } from "./request-body";

/** `notificationChannels`, by name. */
interface ChannelRecord {
  /** `projects/ID/notificationChannels/NUMBER`. */
  readonly name: string;

  /** E.g. `email`. */
  readonly type: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}

const CHANNELS = "/v3/projects/{project}/notificationChannels";
const BODY: Shape = { type: "text", displayName: "text", labels: TEXT_MAP, userLabels: TEXT_MAP, enabled: "flag" };
const WRITABLE = ["type", "displayName", "description", "labels", "userLabels", "enabled"];

/** Notification channels of Cloud Monitoring, to which budgets send their alerts. Nothing is ever sent. */
export function monitoring(world: World): Service {
  const channels = world.store.collection<ChannelRecord>("notificationChannels");

  function parentOf(call: Call, permission: string): string {
    const name = `monitoring.notificationChannels.${permission}`;
    return `projects/${openProject(world, call.principal, call.param("project"), name).projectId}/notificationChannels`;
  }

  function find(call: Call, permission: string): ChannelRecord {
    const channel = channels.get(`${parentOf(call, permission)}/${call.param("channel")}`);
    if (channel === undefined) throw googleError(404, "notFound", "Could not find NotificationChannel.");
    return channel;
  }

  function keep(channel: ChannelRecord) {
    if (channel.type === "") throw googleError(400, "badRequest", "Field notification_channel.type must be set.");
    if (channel.type === "email" && !/^[^\s@]+@[^\s@]+$/.test(channel.labels?.email_address ?? "")) {
      throw googleError(
        400,
        "badRequest",
        "Field notification_channel.labels['email_address'] must be an e-mail address.",
      );
    }
    channels.put(channel.name, channel);
    return json(channel);
  }

  return {
    name: "monitoring",
    prefix: "/monitoring",
    routes: [
      post(CHANNELS, async (call) => {
        const body = await readBody<ChannelRecord>(call, BODY);
        const name = `${parentOf(call, "create")}/${randomDigits(20)}`;
        return keep(applyMask<ChannelRecord>({ name, type: "", enabled: true }, body, undefined, WRITABLE));
      }),
      get(CHANNELS, async (call) => {
        const page = pageOf(channels.values(`${parentOf(call, "list")}/`), ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 1000,
          largestSize: 1000,
        });
        return json({ ...(page.items.length === 0 ? {} : { notificationChannels: page.items }), ...pageToken(page) });
      }),
      get(`${CHANNELS}/{channel}`, async (call) => json(find(call, "get"))),
      patch(`${CHANNELS}/{channel}`, async (call) => {
        const body = await readBody<ChannelRecord>(call, BODY);
        return keep(applyMask(find(call, "update"), body, call.query.get("updateMask"), WRITABLE));
      }),
      del(`${CHANNELS}/{channel}`, async (call) => {
        channels.delete(find(call, "delete").name);
        return json({});
      }),
    ],
  };
}
