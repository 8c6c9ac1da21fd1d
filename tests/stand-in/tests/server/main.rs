//! The binary over real sockets.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly anywhere")]

mod client;

use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use client::{BINARY, Server, until};
use serde_json::{Value, json};

const CHECK: &str = "/api/v1/permissions/check?entityIds=2514310,2402203";

#[test]
fn answers_a_check_with_the_contracts_headers() {
    let server = Server::start(&[]);
    let reply = server.get(CHECK).unwrap();
    assert_eq!((reply.status, reply.text()), (200, r#"{"2402203":false,"2514310":true}"#.into()));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("cache-control"), Some("public, s-maxage=300, stale-while-revalidate=150"));
    assert!(reply.header("date").is_some_and(|date| date.ends_with(" GMT")));
    let head = server.ask("HEAD", CHECK, "").unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn keeps_sessions_apart() {
    let server = Server::start(&[]);
    server.order("/s/one/stand-in/faults", json!([{ "status": 500 }]));
    assert_eq!(server.get(&format!("/s/one{CHECK}")).unwrap().status, 500);
    assert_eq!(server.get(&format!("/s/two{CHECK}")).unwrap().status, 200);
    assert_eq!(server.get(CHECK).unwrap().status, 200);
    assert_eq!(server.log("/s/one").len(), 1);
    assert_eq!(server.log("/s/one")[0]["target"], CHECK, "without the prefix");
    assert_eq!((server.log("/s/two").len(), server.log("").len(), server.log("/s/three").len()), (1, 1, 0));
    server.ask("DELETE", "/s/two/stand-in/log", "").unwrap();
    assert_eq!(server.log("/s/two").len(), 0);
}

#[test]
fn logs_what_was_sent_but_no_secret() {
    let server = Server::start(&[]);
    let headers =
        "Origin: https://example.org\r\nAuthorization: Bearer s3cret\r\nCookie: a=s3cret\r\nX-Odd: 1\r\n";
    server.ask_with("GET", CHECK, headers, "").unwrap();
    let log = server.log("");
    let entry = &log[0];
    assert_eq!(
        (&entry["method"], &entry["status"], &entry["aborted"]),
        (&json!("GET"), &json!(200), &json!(false))
    );
    assert_eq!(
        (&entry["origin"], &entry["authorization"], &entry["cookie"]),
        (&json!("https://example.org"), &json!(true), &json!(true))
    );
    assert!(entry["headers"].as_array().unwrap().contains(&json!("x-odd")));
    assert!(entry["doneMs"].as_u64() >= entry["atMs"].as_u64());
    assert!(!entry.to_string().contains("s3cret"));
}

#[test]
fn cuts_connections() {
    let server = Server::start(&[]);
    server
        .order("/stand-in/faults", json!([{ "cut": "before", "times": 1 }, { "cut": "middle", "times": 1 }]));
    assert_eq!(server.get(CHECK), None);
    let reply = server.get(CHECK).unwrap();
    assert_eq!((reply.status, reply.header("content-length")), (200, Some("32")));
    assert_eq!(reply.text(), r#"{"2402203":false"#);
    assert_eq!(server.log("")[0]["status"], Value::Null);
    for entry in server.log("") {
        assert_eq!(entry["aborted"], false, "the client did not leave");
    }
}

#[test]
fn never_answers_and_notes_who_left() {
    let server = Server::start(&[]);
    server.order("/stand-in/faults", json!([{ "hang": true }]));
    let stream = server.send("GET", CHECK, "", "");
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!((&stream).read(&mut [0; 1]).is_err(), "nothing came");
    let under_way = server.log("")[0].clone();
    assert_eq!((&under_way["doneMs"], &under_way["aborted"]), (&Value::Null, &json!(false)));
    drop(stream);
    until(|| server.log("")[0]["aborted"] == true);
    assert_eq!(server.log("")[0]["status"], Value::Null);
}

#[test]
fn notes_who_left_in_the_middle_of_a_body() {
    let server = Server::start(&[]);
    server.order("/stand-in/faults", json!([{ "bytesPerSecond": 20 }]));
    let stream = server.send("GET", CHECK, "", "");
    (&stream).read_exact(&mut [0; 15]).unwrap();
    drop(stream);
    until(|| server.log("")[0]["aborted"] == true);
    assert_eq!(server.log("")[0]["status"], 200);
}

#[test]
fn waits_and_drips() {
    let server = Server::start(&[]);
    server.order(
        "/stand-in/faults",
        json!([{ "latencyMs": 300, "times": 1 }, { "bytesPerSecond": 100, "times": 1 }]),
    );
    for _ in 0..2 {
        let start = Instant::now();
        assert_eq!(server.get(CHECK).unwrap().body.len(), 32);
        assert!(start.elapsed() >= Duration::from_millis(250), "{:?}", start.elapsed());
    }
}

#[test]
fn streams_more_than_anybody_wants() {
    let server = Server::start(&[]);
    server.order("/stand-in/faults", json!([{ "oversizeBytes": 20_000_000 }]));
    let reply = server.get(CHECK).unwrap();
    assert_eq!((reply.header("transfer-encoding"), reply.header("content-length")), (Some("chunked"), None));
    assert!(reply.body.len() > 20_000_000);
}

#[test]
fn keeps_replies_with_edge() {
    let server = Server::start(&["--edge"]);
    let status = || server.get(CHECK).unwrap().header("cf-cache-status").map(str::to_owned);
    assert_eq!((status(), status()), (Some("MISS".into()), Some("HIT".into())));
    server.order("/stand-in/clock", json!({ "advanceMs": 300_000 }));
    assert_eq!((status(), status()), (Some("STALE".into()), Some("HIT".into())));
}

#[test]
fn answers_as_documented_when_told() {
    let server = Server::start(&["--documented"]);
    assert_eq!(server.get("/api/v1/permissions/check?entityIds=999999999").unwrap().text(), "{}");
}

#[test]
fn serves_files_and_nothing_beside_them() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("static");
    std::fs::create_dir_all(root.join("www")).unwrap();
    std::fs::create_dir_all(root.join(".git")).unwrap();
    for file in ["www/index.html", "www/core.wasm", "www/page.js", ".secret", ".git/config", "../outside.txt"]
    {
        std::fs::write(root.join(file), file).unwrap();
    }
    let link = root.join("www/link.txt");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(root.join("../outside.txt"), &link).unwrap();

    let server = Server::start(&["--static", root.to_str().unwrap()]);
    for (path, content_type) in [
        ("/www/", "text/html; charset=utf-8"),
        ("/www/index.html?question", "text/html; charset=utf-8"),
        ("/s/one/www/page.js", "text/javascript; charset=utf-8"),
        ("/www/core.wasm", "application/wasm"),
    ] {
        let file = server.get(path).unwrap();
        assert_eq!((file.status, file.header("content-type")), (200, Some(content_type)), "{path}");
        assert_eq!(file.header("cache-control"), Some("no-store"));
    }
    for path in [
        "/../outside.txt",
        "/www/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/www/link.txt",
        "/.secret",
        "/.git/config",
        "/www/../www/index.html",
        "//etc/passwd",
        "/www",
        "/missing",
    ] {
        assert_eq!(server.get(path).unwrap().status, 404, "{path}");
    }
    assert_eq!(server.get(CHECK).unwrap().status, 200, "the API beside them");
}

#[test]
fn leads_to_the_demo_page_and_tells_it_where_the_api_is() {
    let server = Server::start(&["--static", "."]);
    for (prefix, base) in [("", "location.origin;"), ("/s/one", r#"location.origin + "/s/one";"#)] {
        let root = server.get(&format!("{prefix}/")).unwrap();
        assert_eq!((root.status, root.header("location")), (302, Some(&*format!("{prefix}/www/"))));
        let api = server.get(&format!("{prefix}/www/api.js")).unwrap();
        assert_eq!(api.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert!(api.text().contains(&format!("export const baseUrl = {base}")), "{}", api.text());
    }
}

#[test]
fn says_so_when_the_port_is_taken() {
    let server = Server::start(&[]);
    let output = Command::new(BINARY).args(["--port", &server.port.to_string()]).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        message.contains(&format!("port {} is taken", server.port)) && message.contains("--port"),
        "{message}"
    );
}

#[test]
fn refuses_wrong_arguments() {
    for (args, words) in [
        (&["--prot", "1"][..], "unknown argument `--prot`"),
        (&["--port"], "--port needs a number"),
        (&["--port", "70000"], "not `70000`"),
        (&["--static", "/no/such/place"], "is no directory"),
        (&["--json"], "--json belongs to --list"),
    ] {
        let output = Command::new(BINARY).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(words), "{args:?}");
    }
}

#[test]
fn lists_the_sample() {
    let run = |args: &[&str]| Command::new(BINARY).args(args).output().unwrap().stdout;
    let list: Value = serde_json::from_slice(&run(&["--list", "--json"])).unwrap();
    let first = &list["versions"][0];
    assert_eq!(
        (&first["version"], &first["kind"], &first["anyone"]),
        (&json!(2_514_310), &json!("open"), &json!(true))
    );
    assert_eq!(list["buyer"], 12_345);
    let table = String::from_utf8(run(&["--list"])).unwrap();
    assert!(table.contains("early access") && table.contains("token-of-12345"));
}

#[test]
fn ends_with_its_parent() {
    let mut server = Server::start(&["--with-parent"]);
    assert_eq!(server.child.try_wait().unwrap(), None);
    drop(server.child.stdin.take());
    until(|| server.child.try_wait().unwrap().is_some());
}

#[test]
fn outlives_a_closed_stdin_without_that() {
    let mut server = Server::start(&[]);
    drop(server.child.stdin.take());
    assert_eq!(server.get(CHECK).unwrap().status, 200);
    assert_eq!(server.child.try_wait().unwrap(), None);
}
