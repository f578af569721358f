import { googleError } from "../http/errors";
import { decode } from "../http/router";
import { get, json, type Route } from "../http/service";
import type { World } from "../state/world";
import { behaviourOf } from "./behaviour";

/** `operations`, by full name, e.g. `operations/cp.1` or `projects/p/locations/us/operations/…`. */
interface OperationRecord {
  readonly name: string;
  readonly metadata?: object;
  readonly response: object;

  /** Milliseconds since 1970 from which the operation counts as done. */
  readonly doneAt: number;
}

/** How many operations are kept before those that ended long ago go. */
const KEPT = 5000;
const KEPT_MILLISECONDS = 3_600_000;

/** Records that something was done, and returns the answer to the call that started it. */
export function startOperation(
  world: World,
  operation: Pick<OperationRecord, "name" | "metadata" | "response">,
): object {
  const operations = collection(world);
  const now = world.clock.now();
  if (operations.size > KEPT) {
    for (const { name, doneAt } of operations.values()) if (doneAt < now - KEPT_MILLISECONDS) operations.delete(name);
  }
  const record = { ...operation, doneAt: now + behaviourOf(world).operationDelaySeconds * 1000 };
  operations.put(record.name, record);
  return wire(record, now);
}

/** The operation of that name as it stands now. */
export function readOperation(world: World, name: string): object {
  const record = collection(world).get(name);
  if (record === undefined) throw googleError(404, "notFound", `Operation ${name} was not found.`);
  return wire(record, world.clock.now());
}

/**
 * The route by which clients poll. `pattern` ends in `/operations/{operation}`; what it matches below the version is the
 * operation's name.
 */
export function operationRoute(world: World, pattern: string): Route {
  return get(pattern, async (call) => json(readOperation(world, decode(call.path.replace(/^\/v\d+\//, "")))));
}

function wire({ name, metadata, response, doneAt }: OperationRecord, now: number): object {
  const head = { name, ...(metadata === undefined ? {} : { metadata }) };
  return doneAt > now ? head : { ...head, done: true, response };
}

function collection(world: World) {
  return world.store.collection<OperationRecord>("operations");
}
