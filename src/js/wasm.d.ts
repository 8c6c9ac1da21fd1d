/** The compiled wasm, where the platform or the bundler imports it as a module: for `init`. */
declare const module: WebAssembly.Module;
export default module;
