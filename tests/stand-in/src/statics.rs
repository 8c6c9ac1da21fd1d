//! The files of `--static`, for the demo page.

use std::path::{Component, Path, PathBuf};

use stand_in::Reply;

/// What a path leads to under `root`. `prefix` is the session's part of the URL.
pub fn serve(root: &Path, prefix: &str, path: &str) -> Reply {
    if path == "/" {
        return Reply::empty(302).with("Location", &format!("{prefix}/www/"));
    }
    // The file on disk names civitai.com; served from here the page talks to here.
    if path == "/www/api.js" {
        let session = if prefix.is_empty() { String::new() } else { format!(" + {prefix:?}") };
        let base = format!("export const baseUrl = location.origin{session};\n");
        let text = base + "export const baseUrlName = \"the local stand-in\";\n";
        return file(text.into_bytes(), "text/javascript; charset=utf-8");
    }
    let found = locate(root, path).and_then(|path| Some((std::fs::read(&path).ok()?, content_type(&path))));
    match found {
        Some((bytes, content_type)) => file(bytes, content_type),
        None => Reply::html(404, "<!DOCTYPE html><title>404</title><p>No such file."),
    }
}

/// A file inside `root`, no name of which begins with a dot.
fn locate(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let is_plain = |part: Component<'_>| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    };
    if !relative.components().all(is_plain) {
        return None;
    }
    let mut file = root.join(relative);
    if path.ends_with('/') {
        file.push("index.html");
    }
    // A link may lead out of it.
    let file = std::fs::canonicalize(file).ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

fn file(bytes: Vec<u8>, content_type: &str) -> Reply {
    let reply = Reply { body: bytes, ..Reply::empty(200) };
    reply.with("Content-Type", content_type).with("Cache-Control", "no-store")
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "md" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
