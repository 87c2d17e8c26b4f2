// Judges the accessibility of pages: node axe.mjs FILE… where puppeteer-core and axe-core are installed.
// Each page is looked at in light and in dark colours, and as wide as a phone. Prints one line for each fault.
import fs from 'fs';
import { createRequire } from 'module';
import os from 'os';
import path from 'path';
import { pathToFileURL } from 'url';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const puppeteer = require('puppeteer-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [['light', 1280], ['dark', 1280], ['light', 360]];
const TOGETHER = 3;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

// The faults of a page in one look: what axe says, and whether the page must be moved sideways to be read (WCAG 1.4.10).
const judge = async (rules) => {
  const { violations } = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  const faults = violations.map(({ id, impact, nodes }) => `${id} (${impact}, ${nodes.length} times): ${nodes[0].target}`);
  const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? [...faults, `reflow: ${root.scrollWidth} px wide`] : faults;
};

const look = async (browser, file) => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path.resolve(file)).href);
  await page.evaluate(axe);
  for (const [colours, width] of LOOKS) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }]);
    for (const fault of await page.evaluate(judge, RULES)) console.log(`${file}: ${colours}, ${width} px: ${fault}`);
  }
  await page.close();
};

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'));
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const browser = await puppeteer.launch({ executablePath, headless: true, userDataDir: profile, args: FLAGS });
const files = process.argv.slice(2);
const lookAtAll = async () => {
  while (files.length) await look(browser, files.shift());
};
try {
  await Promise.all(Array.from({ length: TOGETHER }, lookAtAll));
} finally {
  await browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
