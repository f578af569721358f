import { setTimeout as wait } from "node:timers/promises";
import type { Entries } from "../../../lib/tfplugin/types";
import type { Api } from "../api/api";
import { ApiError } from "../api/api-error";
import type { IamParent } from "./parents";
import type { Policy } from "./policy";

/** Waits between tries when somebody else changed the policy meanwhile. */
const CONFLICT_PAUSES_MS = [100, 500, 2000, 4000];

/** Changes of one policy wait for each other: Terraform applies many members at once. */
const queues = new Map<string, Promise<unknown>>();

/** Reads a policy, changes it and writes it back, with its etag, until nobody interferes. */
export function changePolicy(
  parent: IamParent,
  state: Entries,
  api: Api,
  change: (policy: Policy) => Policy,
): Promise<Policy> {
  const key = `${parent.prefix} ${parent.name(state)}`;
  const previous = queues.get(key) ?? Promise.resolve();
  const mine = previous.catch(() => undefined).then(() => changeAlone(parent, state, api, change));
  queues.set(key, mine);
  return mine;
}

async function changeAlone(parent: IamParent, state: Entries, api: Api, change: (policy: Policy) => Policy) {
  for (const pause of CONFLICT_PAUSES_MS) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 412)) throw error;
      await wait(pause);
    }
  }
  return once();

  async function once(): Promise<Policy> {
    return parent.set(state, change(await parent.get(state, api)), api);
  }
}

/** The policy, or undefined if what it belongs to is gone. */
export async function findPolicy(parent: IamParent, state: Entries, api: Api): Promise<Policy | undefined> {
  return parent.get(state, api).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
}
