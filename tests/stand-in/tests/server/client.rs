//! A server that ends with its test, and an HTTP client that sees what was really sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub const BINARY: &str = env!("CARGO_BIN_EXE_stand-in");

pub struct Server {
    pub child: Child,
    pub port: u16,
}

impl Server {
    pub fn start(args: &[&str]) -> Self {
        let command = &mut Command::new(BINARY);
        let command = command.args(["--quiet", "--port", "0"]).args(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("stand-in listening on http://127.0.0.1:").unwrap();
        Self { child, port: port.parse().unwrap() }
    }

    pub fn get(&self, target: &str) -> Option<Reply> {
        self.ask("GET", target, "")
    }

    pub fn ask(&self, method: &str, target: &str, body: &str) -> Option<Reply> {
        self.ask_with(method, target, "", body)
    }

    /// `None`: the connection ended without an answer.
    pub fn ask_with(&self, method: &str, target: &str, headers: &str, body: &str) -> Option<Reply> {
        let mut bytes = Vec::new();
        self.send(method, target, headers, body).read_to_end(&mut bytes).unwrap();
        Reply::parse(&bytes)
    }

    /// A request on its way.
    pub fn send(&self, method: &str, target: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: stand-in\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        stream
    }

    pub fn order(&self, path: &str, body: Value) {
        let reply = self.ask("POST", path, &body.to_string()).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    pub fn log(&self, prefix: &str) -> Vec<Value> {
        let reply = self.get(&format!("{prefix}/stand-in/log")).unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As it came, chunk sizes included.
    pub body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.into(), value.into()));
        Some(Self { status, headers: lines.filter_map(header).collect(), body: bytes[end + 4..].to_vec() })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Waits for something that must happen soon.
pub fn until(mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(20), "it did not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}
