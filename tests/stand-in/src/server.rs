//! Sessions over HTTP.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use stand_in::{Answer, Cut, Delivery, Edge, Reply, Request, Session, control::control, sample};
use tokio::net::{TcpListener, TcpStream};

use crate::args::Args;
use crate::body::{Broken, Sending};
use crate::statics;

/// Serves until the process ends.
pub async fn run(listener: TcpListener, args: Args) -> std::io::Result<()> {
    say(&format!("stand-in listening on http://{}", listener.local_addr()?));
    let server = Rc::new(Server { args, sessions: RefCell::default() });
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::task::spawn_local(Rc::clone(&server).connection(stream))),
            // Out of file descriptors, or a client that went already: others wait.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The wall clock.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

struct Server {
    args: Args,
    sessions: RefCell<HashMap<String, Session>>,
}

impl Server {
    async fn connection(self: Rc<Self>, stream: TcpStream) {
        // Latency is a fault's business, not Nagle's.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| Rc::clone(&self).handle(request));
        // It ends with an error when a client leaves or a fault cuts it: the log has both.
        let _ =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn handle(
        self: Rc<Self>,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Sending>, Broken> {
        let (head, body) = request.into_parts();
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let (name, target) = split_session(target);
        let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = head.headers.iter().map(header).collect();
        let request = Request { method: head.method.to_string(), target, headers };
        let path = request.path();
        if let Some(order) = path.strip_prefix("/stand-in/") {
            let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
            let reply = self.with(&name, |session| control(session, &request.method, order, &body, now_ms()));
            return Ok(response(reply, Delivery::default(), |_| ()));
        }
        if path.starts_with("/api/") {
            return self.api(name, request).await;
        }
        let prefix = if name.is_empty() { String::new() } else { format!("/s/{name}") };
        let reply = match &self.args.root {
            Some(root) => statics::serve(root, &prefix, path),
            None => Reply::html(404, "<!DOCTYPE html><title>stand-in</title><p>The API is under /api/v1/."),
        };
        Ok(response(reply, Delivery::default(), |_| ()))
    }

    async fn api(self: Rc<Self>, name: String, request: Request) -> Result<hyper::Response<Sending>, Broken> {
        let Answer { mut reply, delivery } = self.with(&name, |session| session.answer(&request, now_ms()));
        let noted = Noted::new(&self, name, &request);
        if delivery.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(delivery.latency_ms)).await;
        }
        if delivery.hang {
            std::future::pending::<()>().await;
        }
        if delivery.cut == Some(Cut::Before) {
            noted.end(false);
            return Err(Broken);
        }
        noted.answered(reply.status);
        if !self.args.quiet {
            say(&format!("{} {} -> {}", request.method, request.target, reply.status));
        }
        if request.method == "HEAD" {
            reply.body.clear();
        }
        Ok(response(reply, delivery, move |whole| noted.end(!whole)))
    }

    /// A session is made at its first use.
    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Session) -> T) -> T {
        let mut sessions = self.sessions.borrow_mut();
        act(sessions.entry(name.to_owned()).or_insert_with(|| {
            let mut session = Session::new(sample::site(now_ms()));
            session.edge = self.args.edge.then(Edge::default);
            session.site.documented = self.args.documented;
            session
        }))
    }
}

/// A request in its session's log; dropped before its end it counts as aborted.
struct Noted {
    server: Rc<Server>,
    session: String,
    id: u64,
    ended: bool,
}

impl Noted {
    fn new(server: &Rc<Server>, session: String, request: &Request) -> Self {
        let id = server.with(&session, |session| session.log.arrived(request, session.now(now_ms())));
        Self { server: Rc::clone(server), session, id, ended: false }
    }

    fn answered(&self, status: u16) {
        self.server.with(&self.session, |session| session.log.answered(self.id, status));
    }

    fn end(mut self, aborted: bool) {
        self.note_end(aborted);
    }

    fn note_end(&mut self, aborted: bool) {
        if !std::mem::replace(&mut self.ended, true) {
            let id = self.id;
            self.server.with(&self.session, |session| session.log.ended(id, aborted, session.now(now_ms())));
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.note_end(true);
    }
}

/// `/s/{name}/rest` is `/rest` in the session of that name.
fn split_session(target: &str) -> (String, String) {
    match target.strip_prefix("/s/").and_then(|rest| rest.split_once('/')) {
        Some((name, rest)) => (name.into(), format!("/{rest}")),
        None => (String::new(), target.into()),
    }
}

fn response(
    reply: Reply,
    delivery: Delivery,
    on_end: impl FnOnce(bool) + 'static,
) -> hyper::Response<Sending> {
    let mut response = hyper::Response::new(Sending::new(reply.body, delivery, on_end));
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap_or_default();
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<hyper::header::HeaderName>(), value.parse()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A closed stdout is no reason to end.
fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
