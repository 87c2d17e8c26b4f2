// Judges the accessibility of pages: node axe.mjs FILE… where puppeteer-core and axe-core are installed.
// Each page is looked at in light and in dark colours, and as wide as a phone. Prints one line for each fault.
import fs from 'fs';
import { createRequire } from 'module';
import os from 'os';
import path from 'path';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const puppeteer = require('puppeteer-core');
const axe = require.resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [['light', 1280], ['dark', 1280], ['light', 360]];

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
try {
  for (const file of process.argv.slice(2)) {
    const page = await browser.newPage();
    await page.goto('file://' + path.resolve(file));
    await page.addScriptTag({ path: axe });
    for (const [colours, width] of LOOKS) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }]);
      const found = await page.evaluate(async (rules) => await window.axe.run(document, { runOnly: rules }), RULES);
      for (const fault of found.violations) {
        console.log(`${file}: ${fault.id} (${fault.impact}, ${colours}, ${width} px): ${fault.nodes[0].target}`);
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
