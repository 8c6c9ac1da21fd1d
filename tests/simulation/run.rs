//! One world: what happens, drawn from a seed.

use crate::client::{BASE, Client, Kind};
use crate::history::{History, MODELS, Moment, START, USERS, versions};
use crate::random::Random;
use civitai_permissions::{AskId, AskOptions, ModelId, Outcome, RequestId, UserId, VersionId, reply_times};
use stand_in::{Cut, Delivery, Reply, Request, Rule};

/// How long a request may take.
const TIMEOUT: Moment = 15_000;

/// An answer on its way.
struct Letter {
    due: Moment,
    request: RequestId,
    reply: Option<(Delivery, Reply)>,
}

struct Run {
    random: Random,
    history: History,
    client: Client,
    real: Moment,
    letters: Vec<Letter>,
    /// Nothing goes wrong in a third of the worlds: there nothing may be unknown.
    faulty: bool,
    jumpy: bool,
    loud: bool,
}

pub fn run(seed: u64, loud: bool) {
    let mut random = Random(seed);
    let history = History::new(&mut random);
    let max_batch = *random.pick(&[1, 2, 3, 5, 200]);
    let concurrency = *random.pick(&[1, 2, 4]);
    let max_age = *random.pick(&[0, 5_000, 60_000, 300_000]);
    let retries = *random.pick(&[0, 1, 3, 3]);
    let client = Client::new(Client::config(max_batch, concurrency, max_age, retries), random.next());
    let (faulty, jumpy) = (!random.once_in(3), random.once_in(4));
    let mut run = Run { random, history, client, real: START, letters: Vec::new(), faulty, jumpy, loud };
    let mut wake = None;
    for _ in 0..60 {
        if run.random.once_in(2) {
            run.act();
            wake = run.pump();
        }
        if run.random.once_in(3) || wake.is_none() && run.letters.is_empty() {
            run.real += run.random.below(400).pow(2) / 4;
        }
        wake = run.advance(wake);
    }
    run.say(&"no more faults, no more callers");
    run.history.session.faults.set(vec![]);
    run.faulty = false;
    let mut rounds = 0;
    while !run.client.asks.is_empty() {
        wake = run.advance(wake);
        rounds += 1;
        assert!(rounds < 10_000, "an ask never ends");
    }
    assert!(run.client.flying.is_empty());
}

impl Run {
    /// Something that a caller, the site or the machine does.
    fn act(&mut self) {
        match self.random.below(20) {
            0..=7 | 13 => self.ask(Kind::Check),
            8 | 9 => self.ask(Kind::Explain),
            10 => self.ask(Kind::Versions),
            11 => {
                let open: Vec<AskId> = self.client.asks.keys().copied().collect();
                if !open.is_empty() {
                    let ask = *self.random.pick(&open);
                    self.say(&("cancel", ask));
                    self.client.engine.cancel(ask);
                    self.client.asks.remove(&ask);
                }
            }
            12 => {
                let ids = self.random.some(&versions(), 3);
                let ids: Vec<_> = ids.into_iter().filter_map(VersionId::new).collect();
                let ids = if self.random.once_in(2) { Some(&ids[..]) } else { None };
                self.say(&("clear", ids));
                self.client.engine.clear(ids);
                let cleared = ids.map_or_else(versions, |ids| ids.iter().map(|id| id.get()).collect());
                self.client.cleared(cleared, self.real);
            }
            14 => self.restart(),
            15 if self.jumpy => {
                let jump = self.random.below(800_000) as i64 - 400_000;
                self.say(&("the clock jumps", jump));
                self.client.clock += jump;
                self.client.went_back += (-jump).max(0) as u64;
                // A pause is measured on the clock that jumped.
                self.client.not_before = 0;
            }
            16 if self.faulty => self.break_something(),
            17 => {
                let (request, number) = (self.client.finished.last().copied(), self.random.below(3));
                if let Some(request) = request {
                    self.say(&("a repeated outcome", request));
                    let body = br#"{"10":true,"11":true,"20":true}"#;
                    let outcome = match number {
                        0 => Outcome::NoReply,
                        1 => Outcome::TimedOut,
                        _ => Outcome::Reply { status: 200, retry_after: None, as_of: None, body },
                    };
                    self.client.engine.on_outcome(request, outcome, self.client.now(self.real));
                }
            }
            _ => {
                self.say(&"the site changes");
                self.history.change(&mut self.random, self.real);
            }
        }
    }

    fn ask(&mut self, kind: Kind) {
        let ids = match kind {
            Kind::Versions => self.random.some(&MODELS, 3),
            Kind::Check | Kind::Explain => self.random.some(&versions(), 12),
        };
        let user = if self.random.once_in(3) { None } else { Some(*self.random.pick(&USERS)) };
        let (fresh, bulk) = (self.random.once_in(6), self.random.once_in(3));
        let now = self.client.now(self.real);
        let list: Vec<_> = ids.iter().filter_map(|id| VersionId::new(*id)).collect();
        // Only a caller who is right about it may state it.
        let site = &self.history.session.site;
        let owns = |id: &u32| {
            let owner = site.version(i64::from(*id)).map(|(_, model)| model.owner);
            owner.is_some() && owner == user
        };
        let not_owned = self.random.once_in(4) && !ids.iter().any(owns);
        let options = AskOptions::default().user(user.and_then(UserId::new));
        let options = options.fresh(fresh).bulk(bulk).not_owned(not_owned);
        let models: Vec<_> = ids.iter().filter_map(|id| ModelId::new(*id)).collect();
        let engine = &mut self.client.engine;
        let number = match kind {
            Kind::Check => engine.check(&list, options, now),
            Kind::Explain => engine.explain(&list, options, now),
            Kind::Versions => engine.versions(&models, options, now),
        };
        self.say(&(kind, number, &ids, user, fresh));
        self.client.opened(number, kind, user, &ids, fresh, self.real);
    }

    /// The worker dies; another one restores its snapshot.
    fn restart(&mut self) {
        self.say(&"the worker dies");
        let snapshot = self.client.engine.snapshot(self.client.now(self.real));
        let mut next = Client::new(self.client.config.clone(), self.random.next());
        assert!(next.engine.restore(&snapshot, self.client.now(self.real)));
        next.clock = self.client.clock;
        next.went_back = self.client.went_back;
        next.not_before = self.client.not_before;
        next.paused = self.client.paused;
        next.fresh = std::mem::take(&mut self.client.fresh);
        next.cleared = std::mem::take(&mut self.client.cleared);
        self.client = next;
        self.letters.clear();
    }

    fn break_something(&mut self) {
        let id = i64::from(*self.random.pick(&versions()));
        let times = if self.random.once_in(4) { None } else { Some(self.random.below(3) as u32 + 1) };
        let wait = |seconds: u64| [("Retry-After".to_owned(), seconds.to_string())].into();
        let rule = match self.random.below(14) {
            0 => Rule {
                status: Some(*self.random.pick(&[400, 403, 404, 413, 414, 431, 500, 502, 503])),
                ..Rule::default()
            },
            1 => Rule { status: Some(429), headers: wait(self.random.below(40)), ..Rule::default() },
            2 => Rule { status: Some(429), ..Rule::default() },
            3 => Rule { status: Some(503), headers: wait(2), ..Rule::default() },
            4 => Rule { status: Some(*self.random.pick(&[401, 451])), ..Rule::default() },
            5 => Rule { html: true, ..Rule::default() },
            6 => Rule { truncate: Some(self.random.below(30) as usize), ..Rule::default() },
            7 | 8 => Rule { part: "check".into(), poison: vec![id], ..Rule::default() },
            9 => Rule { omit: vec![id], ..Rule::default() },
            10 => {
                let odd = self.random.pick(&["yes".into(), 1.into(), serde_json::Value::Null]).clone();
                Rule { set: [(id.to_string(), odd), ("7".into(), true.into())].into(), ..Rule::default() }
            }
            11 => Rule { cut: Some(Cut::Before), ..Rule::default() },
            12 => Rule { hang: true, ..Rule::default() },
            _ => Rule { oversize_bytes: Some(1 << 30), ..Rule::default() },
        };
        self.say(&("fault", &rule, times));
        self.history.session.faults.set(vec![Rule { times, ..rule }]);
    }

    fn pump(&mut self) -> Option<Moment> {
        let loud = self.loud;
        let real = self.real;
        let wake = self.client.pump(&self.history, real, &mut |step| {
            if loud {
                eprintln!("{:>8}     {step:?}", real - START);
            }
        });
        // What was sent just now reaches the site a little later, and the answer the client later still.
        let posted: Vec<RequestId> = self.letters.iter().map(|letter| letter.request).collect();
        let new = self.client.flying.keys().filter(|request| !posted.contains(request));
        for request in new.copied().collect::<Vec<_>>() {
            let due = self.real + self.random.below(60).pow(2);
            self.letters.push(Letter { due, request, reply: None });
        }
        wake
    }

    /// Goes on to the next thing that is due.
    fn advance(&mut self, wake: Option<Moment>) -> Option<Moment> {
        self.letters.retain(|letter| self.client.flying.contains_key(&letter.request));
        let next = (0..self.letters.len()).min_by_key(|place| self.letters[*place].due);
        match (next, wake) {
            (Some(place), wake) if wake.is_none_or(|wake| self.letters[place].due <= wake) => {
                let letter = self.letters.swap_remove(place);
                self.real = self.real.max(letter.due);
                self.deliver(letter);
            }
            (_, Some(wake)) => self.real = self.real.max(wake),
            _ => {}
        }
        self.pump()
    }

    fn deliver(&mut self, letter: Letter) {
        let Some((delivery, reply)) = letter.reply else { return self.at_the_site(letter) };
        let flying = &self.client.flying[&letter.request];
        let now = self.client.now(self.real);
        let header = |name| reply.header(name);
        let times = reply_times(header("Retry-After"), header("Date"), header("Age"), now);
        let outcome = if delivery.cut.is_some() {
            Outcome::NoReply
        } else if delivery.hang || self.real - flying.sent >= TIMEOUT {
            Outcome::TimedOut
        } else if delivery.oversize_bytes.is_some() {
            Outcome::TooLarge
        } else {
            let (retry_after, as_of) = (times.retry_after, times.as_of);
            Outcome::Reply { status: reply.status, retry_after, as_of, body: &reply.body }
        };
        let url = flying.url.clone();
        self.watch(letter.request, &outcome, now);
        self.client.flying.remove(&letter.request);
        self.client.finished.push(letter.request);
        self.say(&(letter.request, &url[BASE.len()..], reply.status, delivery, reply.text()));
        self.client.engine.on_outcome(letter.request, outcome, now);
        if self.random.once_in(10) {
            self.client.engine.on_outcome(letter.request, Outcome::NoReply, now);
        }
    }

    /// The site answers with what is true now; the answer travels on.
    fn at_the_site(&mut self, letter: Letter) {
        let flying = &self.client.flying[&letter.request];
        let answer = self.history.session.answer(&Request::get(&flying.url[BASE.len()..]), self.real);
        let mut travel = self.random.below(60).pow(2);
        if self.faulty && self.random.once_in(15) {
            travel += self.random.below(20_000);
        }
        let due = if answer.delivery.hang { flying.sent + TIMEOUT } else { self.real + travel };
        let due = due.min(flying.sent + TIMEOUT).max(self.real);
        self.letters.push(Letter { due, reply: Some((answer.delivery, answer.reply)), ..letter });
    }

    /// Notes what the client may take as a reason: for an unknown, and for a pause.
    fn watch(&mut self, request: RequestId, outcome: &Outcome<'_>, now: u64) {
        let client = &mut self.client;
        let pause = match outcome {
            Outcome::Reply { status, retry_after, .. }
                if *status == 429 || *status == 503 && retry_after.is_some() =>
            {
                client.unanswered = 0;
                Some(retry_after.unwrap_or(500))
            }
            Outcome::NoReply => {
                client.unanswered += 1;
                (client.unanswered >= 3).then_some(500)
            }
            Outcome::Reply { .. } => {
                client.unanswered = 0;
                None
            }
            Outcome::TimedOut | Outcome::TooLarge => None,
        };
        if let Some(pause) = pause {
            client.paused = true;
            client.not_before = client.not_before.max(now + pause);
        }
        // A reply in the CDN cache may still bear the fault of an earlier request, so it is judged by its content.
        let harmed = match outcome {
            Outcome::Reply { status: 200, body, .. } => !client.is_whole(request, body),
            _ => true,
        };
        if harmed {
            client.harmed.insert(request);
        }
    }

    fn say(&self, what: &dyn std::fmt::Debug) {
        if self.loud {
            eprintln!("{:>8} {what:?}", self.real - START);
        }
    }
}
