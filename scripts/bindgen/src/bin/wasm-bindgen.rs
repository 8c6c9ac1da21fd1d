//! `wasm-bindgen`: makes the JavaScript side of a compiled module.

fn main() {
    if let Err(error) = wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os()) {
        eprintln!("wasm-bindgen: {error:?}");
        std::process::exit(1);
    }
}
