/** What a story is: a flag to ask for it by, a title, and what happens. One story a file; demo.ts lists them. */
import type { Reporter } from './reporter.ts';

export interface Story {
  /** As in `npm run demo -- --short-stock`; empty for the one that is told without being asked for. */
  flag: string;
  title: string;
  /** Tells it from the opening of the shop to the audit. Throws StoryError when something is not as it should be. */
  tell(reporter: Reporter): Promise<void>;
}
