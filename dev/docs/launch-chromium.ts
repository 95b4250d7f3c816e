import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's packages. The first has no window around the page, which takes half the processor time. */
const DEBIAN_CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Every host but loopback fails to resolve, so neither a page nor the browser itself reaches the network.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts a headless Chromium: the one of `path`, else Debian's. Rejects with what to do if there is none. */
export async function launchChromium(path?: string): Promise<Browser> {
  const paths = path ? [path] : DEBIAN_CHROMIUMS;
  const executablePath = paths.find((one) => existsSync(one));
  if (executablePath === undefined) {
    throw new Error(`no browser at ${paths.join(' or ')}: run .ci/install-browser, or set CHROMIUM_PATH to a Chromium`);
  }
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}
