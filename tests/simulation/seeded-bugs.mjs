// Proves that the tests can fail: breaks one rule of the core at a time, in a copy of the tree, and
// expects the simulation, the native tests or the unit tests to find it. `node tests/simulation/seeded-bugs.mjs [name …]`

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ name: string, file: string, from: string, to: string }} Bug */

/** @type {Bug[]} */
const bugs = [
  {
    name: "a look-up that fails is a denial",
    file: "engine/rules.rs",
    from: "(Err(failure), _) => self.settle(place, Err(failure), now)",
    to: "(Err(_), _) => self.settle(place, Ok(false), now)",
  },
  {
    name: "a denial in company is final",
    file: "engine/rules.rs",
    from: "(Some(false), Some(_)) => doubtful.push(*place)",
    to: "(Some(false), Some(_)) => self.settle(*place, Ok(false), now)",
  },
  {
    name: "a denial that waited for the owners' list is news",
    file: "engine/rules.rs",
    from: "now.checked_sub(sent).is_none_or(|age| age > longest)",
    to: "now.checked_sub(sent).is_none_or(|age| age > longest) && false",
  },
  {
    name: "an id without an answer is denied",
    file: "engine/rules.rs",
    from: "(None, _) => missing.push(*place)",
    to: "(None, _) => self.settle(*place, Ok(false), now)",
  },
  {
    name: "an odd answer is a denial",
    file: "reply.rs",
    from: "_ => None,\n            };\n            let id",
    to: "_ => Some(false),\n            };\n            let id",
  },
  {
    name: "an age counts from the reply",
    file: "engine/cell.rs",
    from: "Memory { yes, sent: work.sent, request }",
    to: "Memory { yes, sent: now, request }",
  },
  {
    name: "memory keeps what arrived last",
    file: "engine/cell.rs",
    from: "Some(known) if (known.request, known.sent) >= (memory.request, memory.sent) => return,",
    to: "Some(known) if known.request == u32::MAX => return,",
  },
  {
    name: "a fresh ask joins an older request",
    file: "engine/cell.rs",
    from: "if !fresh && !over || (work.pass",
    to: "if true || (work.pass",
  },
  {
    name: "a reply from before a clear is remembered",
    file: "engine/cell.rs",
    from: "cell.work.as_ref().is_some_and(|work| work.request.is_some())",
    to: "cell.work.as_ref().is_some_and(|work| work.request.is_some() && false)",
  },
  {
    name: "a denial lives as long as a grant",
    file: "engine/cell.rs",
    from: "max_age / 5 }",
    to: "max_age }",
  },
  {
    name: "a moment in the future is not stale",
    file: "engine/cell.rs",
    from: "now.checked_sub(self.sent).is_some_and(|age| age < max_age)",
    to: "now.saturating_sub(self.sent) < max_age",
  },
  {
    name: "a verdict outlives the end of a gate",
    file: "engine/cell.rs",
    from: "sent < end && end <= now",
    to: "sent < end && end < 1",
  },
  {
    name: "failures are remembered as denials",
    file: "engine/cell.rs",
    from: "if let (Ok(yes), Some(request), false) = (result, work.request, cell.forget)",
    to: "if let (Ok(yes), Some(request), false) = (result.or(Ok::<bool, Failure>(false)), work.request, cell.forget)",
  },
  {
    name: "users share a memory",
    file: "engine/cell.rs",
    from: "Self::Check { user } => user.unwrap_or(0)",
    to: "Self::Check { user } => user.map_or(0, |_| 1)",
  },
  {
    name: "what the edge keeps of a user is taken for new",
    file: "engine/batch.rs",
    from: "(Pass::AfterEnd, ..) | (.., Topic::Check { user: Some(_) }) => Bust::Span(now / MINUTE)",
    to: "(Pass::AfterEnd, ..) => Bust::Span(now / MINUTE)",
  },
  {
    name: "a retry asks the edge for the same error",
    file: "engine/batch.rs",
    from: "(_, 1.., _) => Bust::Retry(now / (30 * SECOND), batch.tries)",
    to: "(_, 200.., _) => Bust::Retry(now / (30 * SECOND), batch.tries)",
  },
  {
    name: "one request too many is under way",
    file: "engine/batch.rs",
    from: "self.flying.len() < usize::from(self.config.concurrency.max(1))",
    to: "self.flying.len() <= usize::from(self.config.concurrency.max(1))",
  },
  {
    name: "a closed gate is not minded",
    file: "engine/batch.rs",
    from: "let next = if closed == 0 && self.has_room()",
    to: "let next = if self.has_room()",
  },
  {
    name: "a pause that nobody waits for is waited for",
    file: "engine/batch.rs",
    from: "if self.count_pause(now) || closed > self.config.patience {",
    to: "if self.count_pause(now) && closed > 1_000_000_000 {",
  },
  {
    name: "requests that nobody waits for go on",
    file: "engine/batch.rs",
    from: "                if wanted {\n                    kept.push(batch);",
    to: "                if wanted || flying {\n                    kept.push(batch);",
  },
  {
    name: "both halves fail and it goes on",
    file: "engine/batch.rs",
    from: "if (split.proven || split.unwanted) && batch.cells.len() > 1",
    to: "if batch.cells.len() > 1",
  },
  {
    name: "a half that fails is given up though the server is well",
    file: "engine/batch.rs",
    from: "Half::Answered => split.proven = true",
    to: "Half::Answered => split.proven = false",
  },
  {
    name: "401 and 451 leave other requests under way",
    file: "engine/batch.rs",
    from: "for other in core::mem::take(&mut self.flying) {",
    to: "for other in core::mem::take(&mut self.waiting) {",
  },
  {
    name: "one id stands twice in a request",
    file: "engine/batch.rs",
    from: "if id == last {",
    to: "if id == last && last == 0 {",
  },
  {
    name: "an answer is told after a cancel",
    file: "engine/ask.rs",
    from: "| Step::Done(of) => *of != ask,",
    to: "| Step::Done(of) => *of != ask || of.0 == ask.0,",
  },
  {
    name: "a grant to everybody counts as personal",
    file: "engine/ask.rs",
    from: "Ok(true) => Some(State::Granted { personal: asked_for.is_some() })",
    to: "Ok(true) => Some(State::Granted { personal: self.opened(ask)?.user.is_some() })",
  },
  {
    name: "the anonymous answer is a user's last word",
    file: "engine/ask.rs",
    from: "if asked_for == user {\n                    return Some(State::Denied);",
    to: "if asked_for == user || asked_for.is_none() {\n                    return Some(State::Denied);",
  },
  {
    name: "a verdict that waited for its reasons is news",
    file: "engine/ask.rs",
    from: "if self.is_old(id, came, now) && !matches!",
    to: "if false && self.is_old(id, came, now) && !matches!",
  },
  {
    name: "a list about other ids is believed",
    file: "catalog.rs",
    from: "place.and_then(|at| present.get_mut(at)).map(|seen| *seen = true).is_some()",
    to: "place.and_then(|at| present.get_mut(at)).map(|seen| *seen = true).is_some() || id > 0",
  },
  {
    name: "a gate that our clock says is over is none",
    file: "catalog/terms.rs",
    from: "Terms::Until(_, ends) if *ends <= now => (GateKind::Unknown, None)",
    to: "Terms::Until(_, ends) if *ends <= now => (GateKind::None, None)",
  },
  {
    name: "a pause jumps with the clock",
    file: "engine/gate.rs",
    from: "until.checked_sub(now).filter(|left| *left <= longest).unwrap_or(0)",
    to: "until.saturating_sub(now)",
  },
  {
    name: "silence does not close the gate",
    file: "engine/gate.rs",
    from: "if self.silent == SILENCES {",
    to: "if self.silent > SILENCES {",
  },
];

const root = join(import.meta.dirname, "../..");
const copy = join(root, "target/seeded-bugs");
const only = process.argv.slice(2);
const strange = only.filter((wanted) => !bugs.some(({ name }) => name === wanted));
if (strange.length > 0) throw new Error(`there is no bug ${strange.join(", ")}; see the list in this file`);

rmSync(join(copy, "src"), { recursive: true, force: true });
mkdirSync(copy, { recursive: true });
for (const part of [
  "Cargo.toml",
  "Cargo.lock",
  "README.md",
  "src",
  "examples",
  "tests/native",
  "tests/simulation",
  "tests/stand-in",
]) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}

/** @type {Record<string, string[]>} */
const suites = { simulation: ["--test", "simulation"], native: ["--test", "native"], unit: ["--lib"] };
let missed = 0;
for (const bug of bugs.filter(({ name }) => !only.length || only.includes(name))) {
  const path = join(copy, "src", bug.file);
  const source = readFileSync(path, "utf8");
  if (source.split(bug.from).length !== 2)
    throw new Error(`${bug.name}: its place in ${bug.file} is not there once`);
  writeFileSync(
    path,
    source.replace(bug.from, () => bug.to),
  );
  const finder = Object.keys(suites).find((name) => finds(suites[name] ?? [], bug));
  writeFileSync(path, source);
  console.log(`${(finder ?? "MISSED").padEnd(12)}${bug.name}`);
  missed += finder ? 0 : 1;
}
console.log(missed ? `${missed} missed` : "all found");
process.exitCode = missed ? 1 : 0;

/**
 * @param {string[]} suite
 * @param {Bug} bug
 */
function finds(suite, bug) {
  const run = spawnSync("cargo", ["test", "--quiet", ...suite], { cwd: copy, encoding: "utf8" });
  const said = run.stdout + run.stderr;
  if (said.includes("could not compile")) throw new Error(`${bug.name} does not compile:\n${said}`);
  return run.status !== 0;
}
