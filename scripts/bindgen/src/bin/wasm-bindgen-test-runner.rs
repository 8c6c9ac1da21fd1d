//! `wasm-bindgen-test-runner`: runs a wasm test binary in a browser or in Node.

fn main() {
    if let Err(error) = wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        eprintln!("wasm-bindgen-test-runner: {error:?}");
        std::process::exit(1);
    }
}
