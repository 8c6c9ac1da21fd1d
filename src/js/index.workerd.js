// The entry for workerd, which forbids compiling bytes at run time: there the wasm comes as a module, compiled
// when the worker is deployed.

import wasm from "civitai-permissions/civitai-permissions.wasm";
import { init } from "./index.js";

init(wasm);

export * from "./index.js";
