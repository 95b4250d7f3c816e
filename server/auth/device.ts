import bowser from 'bowser';

/** Longer ones are not a browser's. */
const MAX_USER_AGENT_LENGTH = 1_000;
const MAX_NAME_LENGTH = 40;

/** `Chrome on Android`, from a User-Agent header; words that its owner recognises, and no version. */
export function deviceOf(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return 'A program';
  const { browser, os, platform } = bowser.parse(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  const name = clean(browser.name);
  const system = clean(platform.model ?? os.name);
  if (name === null) return system ?? 'A program';
  return system === null ? name : `${name} on ${system}`;
}

/** Of what the header holds, names are the only part that is shown. */
function clean(name: string | undefined): string | null {
  // Some names hold that of the system.
  const text = (name ?? '')
    .replace(/ for Android$/, '')
    .replace(/[^\p{L}\p{N} .+-]/gu, '')
    .trim();
  return text === '' ? null : text.slice(0, MAX_NAME_LENGTH);
}
