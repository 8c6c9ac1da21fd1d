// The entry for workerd, which forbids compiling bytes at run time: there the wasm comes as a module, compiled
// when the worker is deployed.

import wasm from "civitai-permissions/civitai-permissions.wasm";
import { startFrom } from "./start.js";

startFrom(wasm);

export * from "./index.js";
