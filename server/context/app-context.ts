import type { Jobs } from '../../jobs/agenda/agenda.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { Settings } from '../../models/settings/settings-document.ts';
import type { OneTimeTokens } from '../auth/one-time-tokens.ts';
import type { SignInLimits } from '../auth/sign-in-limits.ts';
import type { Config } from '../config/config.ts';
import type { CallLimits } from '../http/call-limits.ts';
import type { ChangeFeed } from '../live/change-feed.ts';
import type { SubscriptionLimiter } from '../live/subscription-limiter.ts';
import type { Events } from '../observability/events.ts';
import type { LateWork } from './late-work.ts';
import type { ShownSettings } from './settings-cache.ts';

/** Everything that a request may use, as a plain object. */
export interface AppContext extends JobContext {
  config: Config;
  events: Events;
  jobs: Jobs;
  /** As they are shown: at most 5 s old. Permissions and limits are read by readSettings. */
  settings: () => Promise<ShownSettings>;
  /** The settings before their first change. */
  defaultSettings: Settings;
  /** Of the links in emails about accounts; null if users sign in with an outside issuer. */
  oneTimeTokens: OneTimeTokens | null;
  /** Notifies subscribers in this process of changed orders. */
  changeFeed: ChangeFeed;
  subscriptionLimiter: SubscriptionLimiter;
  /** Limits on calls and sign-ins, over all endpoints together. */
  limits: CallLimits & SignInLimits;
  /** Brings the gauges that /metrics shows up to date; bounded, never throws. */
  refreshGauges(): Promise<void>;
  /** Sentences about the set-up that only running reveals; /readyz shows them. */
  warnings: Set<string>;
  lateWork: LateWork;
  /** Aborted when the process begins to stop: health says so, and jobs begin nothing new. */
  stopping: AbortController;
}
