import { setMaxListeners } from "node:events";
import { defaultRetryPolicy } from "../cloud/context";
import type { Directory } from "../cloud/directory";
import { GoogleApiError, isPassing, isSilence } from "../cloud/google-api-error";
import type { GroupSettingsApi } from "../cloud/group-settings";
import { backoffSeconds } from "../cloud/retry";
import { type Clock, systemClock } from "./clock";
import { type RateLimit, rateLimit } from "./rate-limit";

/** What a run of the engine talks to. One per process: its quotas are shared by everything that uses it. */
export interface GroupsServices {
  readonly directory: Directory;
  readonly settings: GroupSettingsApi;
  readonly clock: Clock;
  readonly directoryLimit: RateLimit;
  readonly settingsLimit: RateLimit;
  readonly progress: Progress;
}

/** By which one that waits for others sees that they go on. */
export interface Progress {
  /** Groups that were created so far, by all sessions together. */
  created: number;
}

/** Requests per minute that Google grants each of the two APIs, unless the project was given more. */
export const DEFAULT_REQUESTS_PER_MINUTE = 2400;

export interface GroupsServicesOptions {
  readonly directory: Directory;
  readonly settings: GroupSettingsApi;

  /** For each of the two APIs. @default 2400 */
  readonly requestsPerMinute?: number;

  /** @default - the system's */
  readonly clock?: Clock;
}

export function groupsServices(options: GroupsServicesOptions): GroupsServices {
  const { directory, settings, requestsPerMinute = DEFAULT_REQUESTS_PER_MINUTE, clock = systemClock } = options;
  const limit = () => rateLimit(requestsPerMinute, clock);
  return { directory, settings, clock, directoryLimit: limit(), settingsLimit: limit(), progress: { created: 0 } };
}

/** Whether an error will probably go away by itself soon, although the API calls it final. */
export type Settles = (error: GoogleApiError) => boolean;

/** The two APIs, with quotas kept and passing errors retried. */
export interface GroupsSession {
  /** `attemptsAt412` is for calls to which a 412 may be the final answer. @default 5 */
  directory<T>(use: (directory: Directory) => Promise<T>, settles?: Settles, attemptsAt412?: number): Promise<T>;
  settings<T>(use: (settings: GroupSettingsApi) => Promise<T>, settles?: Settles): Promise<T>;

  readonly progress: Progress;

  /** Waits, or rejects when the session ends. */
  pause(milliseconds: number): Promise<void>;
  readonly signal?: AbortSignal;
}

/** A session ends when `signal` is aborted: calls in flight are let finish, waiting ones are given up. */
export function groupsSession(services: GroupsServices, signal?: AbortSignal): GroupsSession {
  const { clock } = services;
  // One listener per waiting call is no leak.
  if (signal) setMaxListeners(0, signal);
  return {
    directory: (use, settles, attemptsAt412) =>
      steadily(() => use(services.directory), services.directoryLimit, clock, signal, settles, attemptsAt412),
    settings: (use, settles) => steadily(() => use(services.settings), services.settingsLimit, clock, signal, settles),
    progress: services.progress,
    pause: (milliseconds) => clock.sleep(milliseconds, signal),
    ...(signal && { signal }),
  };
}

/** Attempts at a call whose error passes by itself: with the waits between them about a minute. */
const MAX_ATTEMPTS = 8;

/** Attempts at a call that nobody answers: each takes a minute. */
const MAX_SILENT_ATTEMPTS = 3;

/** Attempts at a call that fails only until Google's own copies agree: at most eight seconds. */
const MAX_SETTLING_ATTEMPTS = 5;

const MAX_RETRY_AFTER_SECONDS = 120;

async function steadily<T>(
  call: () => Promise<T>,
  limit: RateLimit,
  clock: Clock,
  signal?: AbortSignal,
  settles: Settles = () => false,
  attemptsAt412 = MAX_SETTLING_ATTEMPTS,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    await limit.take(signal);
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof GoogleApiError) || attempt >= attempts(error, settles, attemptsAt412)) throw error;
      await clock.sleep(1000 * waitSeconds(attempt, error, clock), signal);
    }
  }
}

function attempts(error: GoogleApiError, settles: Settles, attemptsAt412: number): number {
  if (isPassing(error)) return isSilence(error) ? MAX_SILENT_ATTEMPTS : MAX_ATTEMPTS;
  if (settles(error)) return MAX_SETTLING_ATTEMPTS;
  // Somebody else changed the group in the same moment.
  return error.status === 412 ? attemptsAt412 : 1;
}

/** Never less than the API asks for, within reason. */
function waitSeconds(attempt: number, { retryAfterSeconds = 0 }: GoogleApiError, clock: Clock): number {
  const backoff = backoffSeconds(defaultRetryPolicy, attempt, clock.random);
  return Math.max(backoff, Math.min(retryAfterSeconds, MAX_RETRY_AFTER_SECONDS));
}
