// Real Firefox with its own fake camera and microphone, one browser per person, driven over WebDriver BiDi. What it
// returns looks like what `person` of browser.mjs returns, as far as the suites go, so that their steps serve both.
import puppeteer from 'puppeteer-core';

const WAIT_MS = 30000;
const byTestId = (id) => `[data-testid="${id}"]`;

const prefs = {
  'media.navigator.streams.fake': true,       // a picture that changes colour, a tone of 1 kHz
  'media.navigator.permission.disabled': true, // asks nobody; other than with a permission, sound still needs a touch
  'media.peerconnection.ice.obfuscate_host_addresses': false, // nobody answers mDNS in a namespace
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** One element, waited for at every use, as Playwright's locators are. */
class Located {
  #page;
  #selector;

  constructor(page, selector) {
    this.#page = page;
    this.#selector = selector;
  }

  #handle(options = {}) { return this.#page.waitForSelector(this.#selector, { timeout: WAIT_MS, ...options }); }
  locator(selector) { return new Located(this.#page, `${this.#selector} ${selector}`); }
  getByTestId(id) { return this.locator(byTestId(id)); }
  click() { return this.#page.locator(this.#selector).setTimeout(WAIT_MS).click(); }
  fill(text) { return this.#page.locator(this.#selector).setTimeout(WAIT_MS).fill(text); }
  async evaluate(what, argument) { return (await this.#handle()).evaluate(what, argument); }
  getAttribute(name) { return this.evaluate((element, name) => element.getAttribute(name), name); }
  textContent() { return this.evaluate((element) => element.textContent); }
  count() { return this.#page.$$eval(this.#selector, (all) => all.length); }
  async waitFor({ state = 'visible', timeout = WAIT_MS } = {}) {
    await this.#handle({ timeout, visible: state === 'visible', hidden: state === 'detached' });
  }
}

export async function firefox({ phone = false, locale = 'zh-CN' } = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: { ...prefs, 'intl.accept_languages': locale },
  });
  const [bare] = await browser.pages();
  await bare.setViewport(phone ? { width: 390, height: 844 } : { width: 1600, height: 900 });
  const page = {
    errors: [],
    goto: (url) => bare.goto(url),
    reload: () => bare.reload(),
    evaluate: (what, ...rest) => bare.evaluate(what, ...rest),
    mouse: bare.mouse,
    screenshot: (options) => bare.screenshot(options),
    locator: (selector) => new Located(bare, selector),
    getByTestId: (id) => new Located(bare, byTestId(id)),
  };
  bare.on('pageerror', (error) => page.errors.push(String(error)));
  bare.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  return { browser, page, version: await browser.version(), close: () => browser.close() };
}
