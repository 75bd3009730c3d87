import { type Browser, chromium } from 'playwright-core';
import { obtain, path, TOOLS } from '../../servers/obtain.ts';

const FLAGS = [
  '--no-sandbox', // tests run as root in containers
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Start the system's Chromium, headless. `close()` ends it; it also ends when this process does. */
export async function startChromium(): Promise<Browser> {
  await obtain(TOOLS.chromium);
  return chromium.launch({ executablePath: path('chromium'), args: FLAGS });
}
