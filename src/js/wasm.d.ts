/** The compiled wasm, where the platform or the bundler imports it as a module: for `init`. A `WebAssembly.Module`. */
declare const module: object;
export default module;
