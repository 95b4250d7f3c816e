import type { Reporter } from './reporter.ts';

export interface Scenario {
  /** As in `npm run demo -- --short-stock`; empty for the scenario that runs without a flag. */
  flag: string;
  title: string;
  /** Throws ScenarioError when a step has another result than expected. */
  run(reporter: Reporter): Promise<void>;
}
