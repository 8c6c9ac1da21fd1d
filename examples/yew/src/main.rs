//! A page in Rust: which of these versions are gated? Served by any static host, built by
//! `cargo build --release --target wasm32-unknown-unknown` and `wasm-bindgen --target web`.

use civitai_permissions::{BaseUrl, Checker, Config, VersionId};
use yew::platform::spawn_local;
use yew::prelude::*;

const ASKED: [u32; 2] = [2514310, 2402203];

#[component]
fn App() -> Html {
    // One for the app: it joins what is asked at once, and remembers.
    let checker = use_memo((), |()| Checker::new(Config::default().base(base())));
    let lines = use_state(Vec::new);
    let ask = {
        let lines = lines.clone();
        move |_: MouseEvent| {
            let (checker, lines) = (checker.clone(), lines.clone());
            spawn_local(async move { lines.set(check(&checker).await) });
        }
    };
    html! {
        <main>
            <button onclick={ask}>{ "Check" }</button>
            <ul>{ for lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
        </main>
    }
}

/// A line for each version, whatever comes.
async fn check(checker: &Checker) -> Vec<String> {
    let ids: Vec<VersionId> = ASKED.into_iter().filter_map(VersionId::new).collect();
    let line = |&(id, granted): &(VersionId, bool)| {
        format!("{}: {}", id.get(), if granted { "granted" } else { "gated" })
    };
    match checker.check(&ids).await {
        Ok(verdicts) => verdicts.iter().map(line).collect(),
        Err(error) => {
            let unknown = error.unknown.iter().map(|id| format!("{}: not known", id.get()));
            error.verdicts.iter().map(line).chain(unknown).chain([error.to_string()]).collect()
        }
    }
}

/// `?api=` names another server than civitai.com: the stand-in, when you try this out.
fn base() -> BaseUrl {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    let api = search.and_then(|text| web_sys::UrlSearchParams::new_with_str(&text).ok()?.get("api"));
    api.and_then(|url| BaseUrl::parse(&url).ok()).unwrap_or_default()
}

fn main() {
    yew::Renderer::<App>::new().render();
}
