//! The engine with a plain blocking client: 30 lines to drive it, and the rest is HTTP.
//!
//! ```sh
//! npm run stand-in -- --port 8787
//! cargo run --example native -- http://127.0.0.1:8787 2514310 civitai:827184@2402203
//! ```

use civitai_permissions::{
    AskOptions, BaseUrl, Config, Engine, Millis, Outcome, ReplyTimes, State, Step, VersionId, reply_times,
};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Asks for all of them, and gives back what is known of each.
fn check(engine: &mut Engine, ids: &[VersionId]) -> Vec<(VersionId, State)> {
    let mut states = Vec::new();
    engine.check(ids, AskOptions::default(), now());
    loop {
        match engine.step(now()) {
            Step::Send { request, url, .. } => match get(&url) {
                Ok(Reply { status, times, body }) => {
                    let (retry_after, as_of) = (times.retry_after, times.as_of);
                    let outcome = Outcome::Reply { status, retry_after, as_of, body: &body };
                    engine.on_outcome(request, outcome, now());
                }
                Err(error) => {
                    eprintln!("{url}: {error}");
                    engine.on_outcome(request, Outcome::NoReply, now());
                }
            },
            Step::Answer { id, state, .. } => states.push((id, state)),
            Step::Wait(Some(moment)) => {
                std::thread::sleep(Duration::from_millis(moment.saturating_sub(now())));
            }
            // The only ask has its answers. Nothing else can end the loop: no request is under way here.
            Step::Done(_) | Step::Wait(None) => return states,
            // Only for asks that are cancelled, and for `explain` and `versions`.
            Step::Abort(_) | Step::Explain { .. } | Step::Models { .. } => {}
        }
    }
}

/// The engine has no clock.
fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let base = args.next().ok_or("expected a base URL (plain http) and ids, AIRs or links")?;
    let ids: Vec<VersionId> = args.map(|id| id.parse()).collect::<Result<_, _>>()?;

    let mut engine = Engine::new(Config::default().base(BaseUrl::parse(&base)?), now());
    for (id, state) in check(&mut engine, &ids) {
        let id = id.get();
        match state {
            State::Granted { .. } => println!("{id}: granted"),
            State::Denied => println!("{id}: denied"),
            State::Unknown(failure) => println!("{id}: unknown, {failure}"),
        }
    }
    Ok(())
}

/// What an HTTP client gives. Yours does this better: this one knows no TLS, and a server may keep it waiting.
struct Reply {
    status: u16,
    times: ReplyTimes,
    body: Vec<u8>,
}

/// A GET in HTTP/1.0, whose answer ends with the connection.
fn get(url: &str) -> Result<Reply, Box<dyn Error>> {
    let rest = url.strip_prefix("http://").ok_or("this small client knows http only")?;
    let (host, path) = rest.split_once('/').ok_or("a URL without a path")?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(15)))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;

    let end = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or("an answer without an end of its head")?;
    let body = reply.split_off(end + 4);
    let head = String::from_utf8(reply)?;
    let status = head.split(' ').nth(1).ok_or("an answer without a status")?.parse()?;
    let header = |name: &str| {
        let mut headers = head.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let times = reply_times(header("retry-after"), header("date"), header("age"), now());
    Ok(Reply { status, times, body })
}
