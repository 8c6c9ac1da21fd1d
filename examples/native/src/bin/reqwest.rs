//! The engine with reqwest and tokio: as many requests at once as `Config::concurrency` allows.
//!
//! ```sh
//! cargo run --bin reqwest -- https://civitai.com 2514310 civitai:827184@2402203
//! ```

use civitai_permissions::{
    AskOptions, BaseUrl, Config, Engine, Millis, Outcome, ReplyTimes, State, Step, VersionId, reply_times,
};
use futures_util::stream::{FuturesUnordered, StreamExt};
use reqwest::{Client, redirect::Policy};
use std::error::Error;
use std::time::{Duration, SystemTime};
use tokio::time::{sleep, timeout};

/// A longer answer is asked for in halves.
const LARGEST_BODY: usize = 8 << 20;

/// A verdict for each version, in the order in which they became known.
async fn check(engine: &mut Engine, client: &Client, ids: &[VersionId]) -> Vec<(VersionId, State)> {
    let mut verdicts = Vec::new();
    let mut under_way = FuturesUnordered::new();
    engine.check(ids, AskOptions::default(), now());
    loop {
        let moment = match engine.step(now()) {
            Step::Send { request, url, .. } => {
                under_way.push(async move { (request, get(client, &url).await) });
                continue;
            }
            Step::Answer { id, state, .. } => {
                verdicts.push((id, state));
                continue;
            }
            Step::Done(_) => return verdicts,
            Step::Wait(moment) => moment,
            // They belong to `explain`, `versions` and `cancel`.
            _ => continue,
        };
        // Until a request ends, or until the moment for which the engine waits.
        let pause = moment.map_or(Duration::MAX, |at| Duration::from_millis(at.saturating_sub(now())));
        if under_way.is_empty() {
            sleep(pause).await;
        } else if let Ok(Some((request, reply))) = timeout(pause, under_way.next()).await {
            let outcome = match &reply {
                Ok(Some((status, ReplyTimes { retry_after, as_of, .. }, body))) => {
                    Outcome::Reply { status: *status, retry_after: *retry_after, as_of: *as_of, body }
                }
                Ok(None) => Outcome::TooLarge,
                Err(error) if error.is_timeout() => Outcome::TimedOut,
                Err(_) => Outcome::NoReply,
            };
            engine.on_outcome(request, outcome, now());
        }
    }
}

/// Status, times and body of an answer; `None` for one that is too large.
async fn get(client: &Client, url: &str) -> reqwest::Result<Option<(u16, ReplyTimes, Vec<u8>)>> {
    let mut response = client.get(url).send().await?;
    let header = |name| response.headers().get(name)?.to_str().ok();
    let times = reply_times(header("retry-after"), header("date"), header("age"), now());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some((response.status().as_u16(), times, body)))
}

fn now() -> Millis {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as Millis)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let base = BaseUrl::parse(&args.next().ok_or("expected a base URL, and ids, AIRs or links")?)?;
    let ids: Vec<VersionId> = args.map(|id| id.parse()).collect::<Result<_, _>>()?;

    // A user's id must not follow a redirect to another host.
    let client = Client::builder().timeout(Duration::from_secs(15)).redirect(Policy::none()).build()?;
    // The seed spreads retries in time.
    let mut engine = Engine::new(Config::default().base(base), now());
    for (id, state) in check(&mut engine, &client, &ids).await {
        match state {
            State::Granted { .. } => println!("{id}: granted"),
            State::Denied => println!("{id}: denied"),
            State::Unknown(failure) => println!("{id}: unknown, {failure}"),
        }
    }
    Ok(())
}
