import { applyGroups } from "../../lib/groups/apply-groups";
import type { DesiredGroup } from "../../lib/groups/desired-group";
import { reviewGroups } from "../../lib/groups/review-groups";
import { groupsServices, groupsSession } from "../../lib/groups/session";
import { effectiveSettings } from "../../lib/model/group-settings";
import { FakeGoogleGroups } from "./fake-google-groups";

// Times the groups engine against Google Groups in memory that answer after some milliseconds.
// Usage: node dist/bench/groups/measure.js [groups] [latency in ms] [requests per minute]
const [groups = 2000, latency = 5, requestsPerMinute = 1e9] = process.argv.slice(2).map(Number);

const members = Array.from({ length: 12 }, (_, index) => `member${index}@example.com`);
const declared: readonly DesiredGroup[] = Array.from({ length: groups }, (_, index) => ({
  email: `group-${index}@example.org`,
  name: `group-${index}`,
  description: "measured",
  settings: effectiveSettings({}),
  reconcileMembers: true,
  owners: [],
  managers: [],
  members,
}));

async function main(): Promise<void> {
  const fake = new FakeGoogleGroups({
    domain: "example.org",
    latency: () => new Promise((resolve) => setTimeout(resolve, latency)),
  });
  const session = groupsSession(
    groupsServices({ directory: fake.directory, settings: fake.settings, requestsPerMinute }),
  );

  async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
    fake.calls.length = 0;
    const start = performance.now();
    await run();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(
      `${what.padEnd(34)} ${seconds.padStart(6)} s ${String(fake.calls.length).padStart(7)} calls ${memory} MB peak\n`,
    );
  }

  process.stdout.write(
    `${groups} groups of ${members.length}, ${latency} ms a call, ${requestsPerMinute} calls a minute\n`,
  );
  await timed("apply, all new", () => applyGroups(session, declared));
  await timed("diff, nothing to do", () => reviewGroups(session, declared));
  await timed("apply, nothing to do", () => applyGroups(session, declared));
  const one = declared.map((group, index) =>
    index % 20 === 0 ? { ...group, members: [...members.slice(1), "new@example.com"] } : group,
  );
  await timed("apply, one member of each 20th", () => applyGroups(session, one));
}

void main();
