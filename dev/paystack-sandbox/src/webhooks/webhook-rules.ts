/** send: at once. lose: never. duplicate: twice at once. hold: on release. delayMs: after that time. */
export type WebhookMode = 'send' | 'lose' | 'duplicate' | 'hold' | { delayMs: number };

/** Sets the mode of future events; the newest matching rule applies. */
export interface WebhookRule {
  /** An event's name, or a prefix followed by `*`; missing: every event. */
  event?: string | undefined;
  reference?: string | undefined;
  mode: WebhookMode;
  /** The number of events that it applies to; missing: all until cleared. */
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

  /** Uses the matching rule up by one; `send` without a rule. */
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
