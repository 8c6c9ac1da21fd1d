//! The engine with ureq, a blocking client: one request after the other.
//!
//! ```sh
//! cargo run --bin ureq -- https://civitai.com 2514310 civitai:827184@2402203
//! ```

use civitai_permissions::{
    AskOptions, BaseUrl, Config, Engine, Explanation, Millis, Outcome, Step, VersionId, reply_times,
};
use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use ureq::Agent;

/// A longer answer is asked for in halves.
const LARGEST_BODY: u64 = 8 << 20;

/// What is known of each version, in the order in which it became known.
fn explain(engine: &mut Engine, agent: &Agent, ids: &[VersionId]) -> Vec<Explanation> {
    let mut explanations = Vec::new();
    engine.explain(ids, AskOptions::default(), now());
    loop {
        match engine.step(now()) {
            Step::Send { request, url, .. } => {
                let (status, times, body) = match agent.get(&url).call() {
                    Ok(mut response) => {
                        let header = |name| response.headers().get(name)?.to_str().ok();
                        let times = reply_times(header("retry-after"), header("date"), header("age"), now());
                        let body = response.body_mut().with_config().limit(LARGEST_BODY).read_to_vec();
                        (response.status().as_u16(), times, body)
                    }
                    Err(error) => (0, reply_times(None, None, None, now()), Err(error)),
                };
                let (retry_after, as_of) = (times.retry_after, times.as_of);
                let outcome = match &body {
                    Ok(body) => Outcome::Reply { status, retry_after, as_of, body },
                    Err(ureq::Error::Timeout(_)) => Outcome::TimedOut,
                    Err(ureq::Error::BodyExceedsLimit(_)) => Outcome::TooLarge,
                    Err(_) => Outcome::NoReply,
                };
                engine.on_outcome(request, outcome, now());
            }
            Step::Explain { explanation, .. } if explanation.complete => explanations.push(*explanation),
            Step::Wait(Some(moment)) => sleep(Duration::from_millis(moment.saturating_sub(now()))),
            Step::Done(_) | Step::Wait(None) => return explanations,
            // `Explain` comes without its reason first; the others belong to `check`, `versions` and `cancel`.
            _ => {}
        }
    }
}

fn now() -> Millis {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as Millis)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let base = BaseUrl::parse(&args.next().ok_or("expected a base URL, and ids, AIRs or links")?)?;
    let ids: Vec<VersionId> = args.map(|id| id.parse()).collect::<Result<_, _>>()?;

    let agent = Agent::config_builder()
        // A status is for the engine to judge.
        .http_status_as_error(false)
        // A user's id must not follow a redirect to another host.
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(15)))
        .build()
        .into();
    // The seed spreads retries in time.
    let mut engine = Engine::new(Config::default().base(base), now());
    for explanation in explain(&mut engine, &agent, &ids) {
        println!("{}: {}", explanation.id, explanation.generation.as_str());
    }
    Ok(())
}
