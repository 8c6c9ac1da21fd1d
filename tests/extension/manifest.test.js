// What the extension may do, pinned: people must hear of each change here.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../helpers/repository.js";

/** @param {string} path */
const json = async (path) => JSON.parse(await readFile(join(root, path), "utf8"));
const manifest = await json("manifest.json");

test("storage and two hosts, nothing else", () => {
  assert.equal(manifest.manifest_version, 3);
  assert.deepEqual(manifest.permissions, ["storage"]);
  assert.deepEqual(manifest.host_permissions, ["https://civitai.com/*", "https://civitai.red/*"]);
  assert.deepEqual(manifest.optional_permissions ?? [], []);
  assert.deepEqual(manifest.optional_host_permissions ?? [], []);
  for (const { matches, world, all_frames } of manifest.content_scripts) {
    assert.deepEqual(matches, manifest.host_permissions);
    assert.deepEqual([world, all_frames], [undefined, undefined]);
  }
  assert.equal(manifest.web_accessible_resources, undefined);
  assert.equal(manifest.externally_connectable, undefined);
});

test("scripts: our own files, wasm allowed, nothing evaluated", () => {
  assert.deepEqual(manifest.content_security_policy, {
    extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'",
  });
});

test("the manifest declares to Firefox what leaves the browser", () => {
  const { gecko } = manifest.browser_specific_settings;
  assert.deepEqual(gecko.data_collection_permissions, {
    required: ["websiteContent"],
    optional: ["personallyIdentifyingInfo"],
  });
  assert.equal(gecko.strict_min_version, "140.0", "the oldest that asks for consent, and an ESR");
  const { gecko_android } = manifest.browser_specific_settings;
  assert.equal(gecko_android.strict_min_version, "142.0", "the oldest on Android that knows such consent");
  assert.ok(Number(manifest.minimum_chrome_version) >= 123, "light-dark() needs it");
});

test("manifest and module are of one version", async () => {
  assert.equal(manifest.version, (await json("package.json")).version);
});

test("every message is said somewhere", async () => {
  const folder = join(root, "src/extension/pages");
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")),
  );
  const said = `${files.join("\n")}\n${JSON.stringify(manifest)}`;
  const keys = Object.keys(await json("_locales/en/messages.json"));
  assert.deepEqual(
    keys.filter((key) => !said.includes(`"${key}"`) && !said.includes(`__MSG_${key}__`)),
    [],
  );
});

test("every language has every word, with the same placeholders", async () => {
  const languages = (await readdir(join(root, "_locales"))).filter((name) => name !== "README.md").sort();
  assert.deepEqual(languages, ["de", "en", "es", "ja", "ru", "zh_CN"]);
  const english = await json("_locales/en/messages.json");
  for (const language of languages) {
    const words = await json(`_locales/${language}/messages.json`);
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), language);
    for (const [key, { message }] of Object.entries(words)) {
      const holes = (/** @type {string} */ text) => (text.match(/\$\w+\$?/g) ?? []).sort();
      assert.deepEqual(holes(message), holes(english[key].message), `${language}: ${key}`);
    }
  }
});
