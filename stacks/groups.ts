import type { Construct } from "constructs";
import { artifactsPlugin, useLocalPlugins } from "../lib/constructs/artifacts-plugin";
import { ArtifactsGroup, ArtifactsProvider } from "../lib/constructs/artifacts-provider";
import { groupKey } from "../lib/model/address-keys";
import { heldGroup } from "../lib/model/group-retirement";
import { effectiveSettings } from "../lib/model/group-settings";
import type { Group } from "../lib/model/groups";
import { EstateStack } from "./estate-stack";
import type { Platform } from "./platform";

export interface GroupsStackProps {
  readonly groups: readonly Group[];

  /** Groups of this domain are named by the first half of their address alone. */
  readonly domain: string;
}

/** All Google Groups. */
export class GroupsStack extends EstateStack {
  constructor(scope: Construct, { groups, domain }: GroupsStackProps, platform: Platform) {
    super(scope, "groups", platform);
    new ArtifactsProvider(this);
    useLocalPlugins(this, [artifactsPlugin]);
    for (const group of groups) {
      const held = heldGroup(group);
      const { email, name, description, reconcileMembers, owners, managers, members, aliases, retired } = held;
      new ArtifactsGroup(this, groupKey(email, domain), {
        email,
        name,
        description,
        settings: effectiveSettings(held.settings),
        reconcileMembers,
        owners,
        managers,
        members,
        // Where nothing is said of them, those that somebody gave the group by hand are left alone.
        ...(aliases === undefined ? {} : { aliases }),
        ...(retired === undefined ? {} : { retired: retired.step }),
      });
    }
  }
}
