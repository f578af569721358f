import { answeredObject } from "./google-answer";
import type { GoogleCaller } from "./google-caller";

/** The Groups Settings API. All values are texts, `"true"` and `"false"` included. Calls fail with GoogleApiError. */
export interface GroupSettingsApi {
  get(email: string): Promise<Readonly<Record<string, string>>>;
  patch(email: string, settings: Readonly<Record<string, string>>): Promise<void>;
}

/** The Groups Settings API over HTTP. The client library is loaded with the first call. */
export function googleGroupSettings(caller: GoogleCaller): GroupSettingsApi {
  const service = caller.connect(async (options) => {
    const { groupssettings_v1 } = await import("googleapis/build/src/apis/groupssettings/v1.js");
    return new groupssettings_v1.Groupssettings(options);
  });
  // Without alt=json this API answers in Atom.
  const alt = "json";
  return {
    get: (groupUniqueId) => {
      const name = "groupssettings.groups.get";
      return caller.call(name, async (options) => {
        const { data } = await (await service()).groups.get({ groupUniqueId, alt }, options);
        return texts(answeredObject(name, data));
      });
    },
    patch: (groupUniqueId, requestBody) => {
      const name = "groupssettings.groups.patch";
      return caller.call(name, async (options) => {
        const { data } = await (await service()).groups.patch({ groupUniqueId, alt, requestBody }, options);
        answeredObject(name, data);
      });
    },
  };
}

function texts(data: object): Readonly<Record<string, string>> {
  const found = Object.entries(data).filter(([, value]) => value !== null && typeof value !== "object");
  return Object.fromEntries(found.map(([key, value]) => [key, String(value)]));
}
