//! A page in Rust with Leptos: can I generate with these versions, and why not? Served by any static host, built by
//! `cargo build --release --target wasm32-unknown-unknown` and `wasm-bindgen --target web`.

use civitai_permissions::{AskOptions, BaseUrl, Checker, Config, Explanation, VersionId};
use leptos::prelude::*;

const ASKED: [u32; 2] = [2514310, 2402203];

/// The checker of the whole app. It stays on its thread (it holds an `Rc`), but a context has to be `Send`: a local
/// `StoredValue` is, and it is `Copy` as well.
#[derive(Clone, Copy)]
struct Permissions(StoredValue<Checker, LocalStorage>);

#[component]
fn App() -> impl IntoView {
    let checker = Checker::new(Config::default().base(base()));
    provide_context(Permissions(StoredValue::new_local(checker)));
    view! { <main><Versions/></main> }
}

#[component]
fn Versions() -> impl IntoView {
    let Permissions(checker) = expect_context();
    // Asks at once, and again when a signal changes that it reads. Components that ask in one turn share requests.
    let explained = LocalResource::new(move || async move {
        let ids: Vec<VersionId> = ASKED.into_iter().filter_map(VersionId::new).collect();
        checker.get_value().explain(&ids, AskOptions::default()).await
    });
    let line = |explanation: Explanation| view! { <li>{line(&explanation)}</li> };
    view! {
        <ul>{move || explained.get().map(|all| all.into_iter().map(line).collect_view())}</ul>
    }
}

fn line(explanation: &Explanation) -> String {
    let Explanation { id, usable, .. } = explanation;
    let usable = match usable {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    };
    format!("{id}: {usable} ({})", explanation.generation.as_str())
}

/// `?api=` names another server than civitai.com: the stand-in, when you try this out.
fn base() -> BaseUrl {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    let api = search.and_then(|text| web_sys::UrlSearchParams::new_with_str(&text).ok()?.get("api"));
    api.and_then(|url| BaseUrl::parse(&url).ok()).unwrap_or_default()
}

fn main() {
    leptos::mount::mount_to_body(App);
}
