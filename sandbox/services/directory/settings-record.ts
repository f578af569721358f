import type { World } from "../../state/world";
import { behaviourOf } from "../behaviour";
import { newGroupSettings } from "./setting-values";

/** `groupSettings`, by lower-case address: what was ever written. */
interface SettingsRecord {
  readonly values: Readonly<Record<string, string>>;

  /** `allowExternalMembers` was written since the last time it turned round by itself. */
  readonly isArmed?: boolean;

  /** It turned round by itself and wasn't written since. */
  readonly isTurned?: boolean;
}

const EXTERNAL = "allowExternalMembers";

export function settingsOf(world: World, email: string): Readonly<Record<string, string>> {
  return { ...newGroupSettings, ...records(world).get(email)?.values };
}

export function writeSettings(world: World, email: string, change: Readonly<Record<string, string>>): void {
  const record = records(world).get(email);
  const values = { ...record?.values, ...change };
  records(world).put(email, EXTERNAL in change ? { values, isArmed: true } : { ...record, values });
}

export function forgetSettings(world: World, email: string): void {
  records(world).delete(email);
}

export function moveSettings(world: World, from: string, to: string): void {
  const record = records(world).get(from);
  if (record === undefined) return;
  records(world).delete(from);
  records(world).put(to, record);
}

/** Whether the group takes members of other domains; what turned by itself doesn't count as a refusal. */
export function takesExternal(world: World, email: string): boolean {
  return settingsOf(world, email)[EXTERNAL] === "true" || records(world).get(email)?.isTurned === true;
}

/** Google sometimes changes `allowExternalMembers` when members change: once after each write, if it is told to. */
export function membershipChanged(world: World, email: string): void {
  const record = records(world).get(email);
  if (record?.isArmed !== true || !behaviourOf(world).revertExternalMembersOnce) return;
  const turned = settingsOf(world, email)[EXTERNAL] === "true" ? "false" : "true";
  records(world).put(email, { values: { ...record.values, [EXTERNAL]: turned }, isTurned: true });
}

function records(world: World) {
  return world.store.collection<SettingsRecord>("groupSettings");
}
