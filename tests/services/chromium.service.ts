import { expect, test } from 'vitest';
import { startChromium } from './chromium.ts';

test("the system's Chromium renders a page", async () => {
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    await page.goto('data:text/html,<p>loading</p><script>document.querySelector("p").textContent = "live"</script>');
    expect(await page.textContent('p')).toBe('live');
  } finally {
    await browser.close();
  }
});
