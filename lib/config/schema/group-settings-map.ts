import { z } from "zod";
import type { GroupSetting } from "../../model/group-settings";
import { groupSettings, RECONCILE_MEMBERS } from "../../model/group-settings";
import { text } from "./scalars";

/** The API knows text only. The original also takes bare booleans; so do we, and warn. */
const trueOrFalse = z.union([z.enum(["true", "false"]), z.boolean()]);

function schemaOf({ values, maxLength }: GroupSetting) {
  if (values === undefined) return maxLength === undefined ? text() : text().max(maxLength);
  return values.length === 2 && values.includes("true") ? trueOrFalse : z.enum(values);
}

function describe({ default: usual, mergedInto }: GroupSetting): string {
  const replaced = mergedInto === undefined ? "" : ` Google merged it into ${mergedInto}, which wins.`;
  return usual === undefined ? `Default: left as it is found.${replaced}` : `Default: ${usual}.${replaced}`;
}

/** The `settings` of a group: every key that the Groups Settings API can write, as `groups.yaml` spells it. */
export const groupSettingsMap = z.strictObject({
  [RECONCILE_MEMBERS]: trueOrFalse
    .optional()
    .describe(
      "Whether members that are not listed are removed. Unlisted owners and managers always are. Default: false.",
    ),
  ...Object.fromEntries(
    groupSettings.map((setting) => [setting.yamlKey, schemaOf(setting).optional().describe(describe(setting))]),
  ),
});
