// What the stores get: the same bytes each time and in any directory, and nothing that a store's lint complains of.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { extensionFiles, root, zip } from "../helpers/repository.js";

const run = promisify(execFile);
const manifest = JSON.parse(await readFile(join(root, "manifest.json"), "utf8"));

/** @param {import("node:test").TestContext} t */
async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), "package-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("the archive is the same in another directory, with other dates, in another time zone", async (t) => {
  const elsewhere = await folder(t);
  const files = await extensionFiles();
  const needed = [
    ...files.keys(),
    "package.json",
    ...["pack-files", "pack-zip", "paths"].map((name) => `scripts/lib/${name}.mjs`),
  ];
  for (const name of needed.reverse()) {
    await cp(join(root, name), join(elsewhere, name));
    await utimes(join(elsewhere, name), 1, 1);
  }
  await symlink(join(root, "node_modules"), join(elsewhere, "node_modules"), "junction");
  const source = `
    const { extensionFiles } = await import("./scripts/lib/pack-files.mjs");
    const { zip } = await import("./scripts/lib/pack-zip.mjs");
    process.stdout.write(zip(await extensionFiles()).toString("base64"));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: elsewhere,
    env: { ...process.env, TZ: "Pacific/Kiritimati" },
    maxBuffer: 2 ** 24,
  });
  assert.ok(Buffer.from(stdout, "base64").equals(zip(files)));
});

test("it holds all that the manifest names, and nothing that only developers need", async () => {
  const files = await extensionFiles();
  const named = JSON.stringify(manifest).match(/(?:src|pkg|www)\/[\w./-]+\.\w+/g) ?? [];
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(files.has(name), name);
  const strange = [...files.keys()].filter((name) =>
    /test|stand-in|node_modules|\.map$|\.rs$|\.md$/.test(name),
  );
  assert.deepEqual(
    strange.filter((name) => name !== "PRIVACY.md"),
    [],
  );
});

test("web-ext lint: nothing but BACKGROUND_SERVICE_WORKER_IGNORED", { timeout: 120_000 }, async (t) => {
  const archive = join(await folder(t), "extension.zip");
  await writeFile(archive, zip(await extensionFiles()));
  const arguments_ = ["lint", "--output=json", `--source-dir=${archive}`, "--no-config-discovery"];
  const { stdout } = await run(join(root, "node_modules/.bin/web-ext"), arguments_, {
    maxBuffer: 2 ** 24,
  }).catch((error) => error);
  const { errors, warnings, notices } = JSON.parse(stdout);
  const codes = [...errors, ...warnings, ...notices].map(
    ({ code, file, line }) => `${code} ${file ?? ""}:${line ?? ""}`,
  );
  assert.deepEqual(
    codes.filter((code) => !code.startsWith("BACKGROUND_SERVICE_WORKER_IGNORED")),
    [],
  );
});

test("the data declared to the stores are those of the manifest", async () => {
  const review = await readFile(join(root, "src/extension/store/review.md"), "utf8");
  const { firefox, chrome } = JSON.parse(/```json\n(.*?)```/s.exec(review)?.[1] ?? "null");
  assert.deepEqual(firefox, manifest.browser_specific_settings.gecko.data_collection_permissions);
  assert.deepEqual(chrome, {
    collected: ["Website content"],
    collectedOnlyByChoice: ["Personally identifiable information"],
    sold: false,
    usedForOtherPurposes: false,
    usedForCredit: false,
  });
  for (const permission of [...manifest.permissions, ...manifest.host_permissions]) {
    assert.ok(review.includes(`\`${permission}\``), `no reason is given for ${permission}`);
  }
  const description = await readFile(join(root, "src/extension/store/description.md"), "utf8");
  assert.match(description, /Unofficial\. Not made or endorsed by Civitai\./);
});

test("the stores' pictures have the size that they ask for", async () => {
  const pictures = await readdir(join(root, "src/extension/store/screenshots"));
  assert.ok(pictures.length >= 1 && pictures.length <= 5, "as many as a store takes");
  for (const name of pictures) {
    const bytes = await readFile(join(root, "src/extension/store/screenshots", name));
    assert.equal(bytes.toString("latin1", 1, 4), "PNG", name);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1280, 800], name);
  }
});
