//! The command line.

use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = "\
stand-in: Civitai's API contract on loopback

  --port N        listen on 127.0.0.1:N; 0, the default, takes a free port
  --static DIR    serve the files of DIR too; / leads to /www/
  --edge          keep replies as the edge does (s-maxage, errors too)
  --documented    answer as the documentation pages say, not as the source does
  --quiet         no line per request
  --with-parent   end when stdin closes
  --list [--json] print the sample data and end
  --help          print this and end
";

/// What was ordered.
#[derive(Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Print the sample data.
    List {
        /// For machines.
        json: bool,
    },
    /// Serve.
    Serve(Args),
}

/// How to serve.
#[derive(Debug, Default)]
pub struct Args {
    /// 0: any free one.
    pub port: u16,
    /// What to serve beside the API.
    pub root: Option<PathBuf>,
    /// Sessions start with an edge.
    pub edge: bool,
    /// Sessions start in the documented shape.
    pub documented: bool,
    /// No line per request.
    pub quiet: bool,
    /// End with stdin.
    pub with_parent: bool,
}

impl Args {
    /// Reads the arguments; the error says what to do instead.
    pub fn parse(args: impl Iterator<Item = String>) -> Result<Command, String> {
        let mut serve = Self::default();
        let (mut list, mut json) = (false, false);
        let mut args = args;
        while let Some(arg) = args.next() {
            match &*arg {
                "--help" | "-h" => return Ok(Command::Help),
                "--list" => list = true,
                "--json" => json = true,
                "--edge" => serve.edge = true,
                "--documented" => serve.documented = true,
                "--quiet" => serve.quiet = true,
                "--with-parent" => serve.with_parent = true,
                "--port" => serve.port = port(args.next())?,
                "--static" => serve.root = Some(directory(args.next())?),
                _ => return Err(format!("unknown argument `{arg}`; --help lists them")),
            }
        }
        match (list, json) {
            (true, json) => Ok(Command::List { json }),
            (false, true) => Err("--json belongs to --list".into()),
            (false, false) => Ok(Command::Serve(serve)),
        }
    }
}

fn port(value: Option<String>) -> Result<u16, String> {
    let value = value.ok_or("--port needs a number: --port 8787")?;
    value.parse().map_err(|_| format!("--port wants a number from 0 to 65535, not `{value}`"))
}

fn directory(value: Option<String>) -> Result<PathBuf, String> {
    let value = value.ok_or("--static needs a directory: --static .")?;
    let path = std::fs::canonicalize(&value);
    path.ok().filter(|path| path.is_dir()).ok_or_else(|| format!("--static: `{value}` is no directory"))
}
