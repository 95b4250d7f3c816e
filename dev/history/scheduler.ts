/** Lets stories run on a clock that is moved: each yields the time at which it goes on. */
import type { MovedClock } from './moved-clock.ts';

/** Yields times, later ones after earlier ones, in ms. */
export type Story = AsyncGenerator<number, void, void>;

export interface Timeline {
  clock: MovedClock;
  /** Stories that go on later than this never do: they are not over yet. */
  endAt: number;
  /** Stories that are due within this time go on beside each other. */
  stepMs: number;
  /** Called after each step with its end, before the next one begins. */
  afterStep: (at: number) => Promise<void>;
  signal: AbortSignal;
}

interface Waiting {
  at: number;
  story: Story;
}

/** Moves the clock from step to step until nothing is due before the end, or the signal stops it. */
export async function runStories(stories: readonly Story[], timeline: Timeline): Promise<void> {
  let waiting: Waiting[] = [];
  for (const story of stories) waiting.push(...(await goOn(story)));
  while (!timeline.signal.aborted) {
    const first = Math.min(...waiting.map(({ at }) => at));
    if (first > timeline.endAt) break;
    const until = Math.min(first + timeline.stepMs, timeline.endAt);
    timeline.clock.moveTo(first);
    const due = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    const later = waiting.filter(({ at }) => at > until);
    const gone = await Promise.all(due.map(({ story }) => goOnUntil(story, until)));
    waiting = [...later, ...gone.flat()];
    timeline.clock.moveTo(until);
    await timeline.afterStep(until);
  }
}

async function goOnUntil(story: Story, until: number): Promise<Waiting[]> {
  for (;;) {
    const [next] = await goOn(story);
    if (next === undefined) return [];
    if (next.at > until) return [next];
  }
}

async function goOn(story: Story): Promise<Waiting[]> {
  const { done, value } = await story.next();
  return done ? [] : [{ at: value, story }];
}
