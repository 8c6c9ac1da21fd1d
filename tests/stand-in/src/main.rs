//! `stand-in`: Civitai's API contract over HTTP on loopback.

mod args;
mod body;
mod list;
mod server;
mod statics;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use args::{Args, Command};

fn main() -> ExitCode {
    match Args::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => say(args::HELP),
        Ok(Command::List { json }) => say(&list::text(json)),
        Ok(Command::Serve(args)) => {
            if let Err(message) = serve(args) {
                return fail(&message, 1);
            }
        }
        Err(message) => return fail(&message, 2),
    }
    ExitCode::SUCCESS
}

/// A reader that has seen enough (`| head`) is no failure.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Runs until it is killed, or until its parent is gone.
fn serve(args: Args) -> Result<(), String> {
    if args.with_parent {
        std::thread::spawn(end_with_stdin);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.map_err(|error| cannot_listen(args.port, &error))?;
        server::run(listener, args).await.map_err(|error| format!("stopped: {error}"))
    })
}

/// A killed test closes our stdin and nothing else.
fn end_with_stdin() {
    let mut stdin = std::io::stdin().lock();
    let mut buffer = [0; 256];
    while stdin.read(&mut buffer).is_ok_and(|length| length > 0) {}
    std::process::exit(0);
}

fn cannot_listen(port: u16, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "port {port} is taken: give another with --port N (or PORT=N npm start), or --port 0 for any free one"
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("port {port} needs rights that this user has not: give one above 1023 with --port N")
        }
        _ => format!("cannot listen on 127.0.0.1:{port}: {error}"),
    }
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("stand-in: {message}");
    ExitCode::from(code)
}
