/**
 * What becomes of an event on its way: sent, lost, repeated, held or late. Scripted by tests and chaos runs for events
 * that the sandbox announces by itself; an explicit mode beats the rules.
 */

/** send: at once. lose: never. duplicate: twice at once. hold: when released. delayMs: late by so much. */
export type WebhookMode = 'send' | 'lose' | 'duplicate' | 'hold' | { delayMs: number };

/** Decides the mode of coming events; the newest rule that matches wins. */
export interface WebhookRule {
  /** The event's name, or its beginning followed by `*`; missing: every event. */
  event?: string | undefined;
  reference?: string | undefined;
  mode: WebhookMode;
  /** How many events it takes; missing: until cleared. */
  times?: number | undefined;
}

export class WebhookRules {
  private rules: WebhookRule[] = [];

  add(rule: WebhookRule): void {
    this.rules.unshift({ ...rule });
  }

  clear(): void {
    this.rules = [];
  }

  /** The mode of this event, its rule counted as used; without a rule it is sent. */
  modeFor(event: string, reference: string | null): WebhookMode {
    const rule = this.rules.find(
      (candidate) =>
        matches(candidate.event, event) && (candidate.reference === undefined || candidate.reference === reference),
    );
    if (rule === undefined) return 'send';
    if (rule.times !== undefined) {
      rule.times -= 1;
      if (rule.times <= 0) this.rules = this.rules.filter((other) => other !== rule);
    }
    return rule.mode;
  }
}

function matches(pattern: string | undefined, event: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event;
}
