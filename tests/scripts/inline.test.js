// The wasm as a text in the published file: whatever its bytes are, they come out again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesModule } from "../../scripts/lib/inline.mjs";

test("any bytes come out as they went in", async () => {
  // Those that become a backslash, zero, a digit, a quote, the ends of lines, in every order.
  const special = [...'\\05"\n\r\0a'].map((character) => (character.charCodeAt(0) - 36 + 256) % 256);
  const bytes = Uint8Array.from([
    ...special.flatMap((one) => special.flatMap((two) => special.flatMap((three) => [one, two, three]))),
    ...Array.from({ length: 256 }, (_, byte) => byte),
  ]);
  const module = await import(`data:text/javascript,${encodeURIComponent(bytesModule(bytes))}`);
  assert.deepEqual(module.bytes(), bytes);
});
