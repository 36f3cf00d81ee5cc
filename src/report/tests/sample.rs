//! A report with one of everything: several languages, flows inside and across files, secrets, hostile text, odd paths.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::catalogue::Catalogue;
use crate::embedded::EMBEDDED;
use crate::finding::{Confidence, Finding, Location, Notice, NoticeKind, Severity, Step};
use crate::report::{Circumstances, Report, Silenced, SilencedBy, Summary, Tool};
use crate::rules::card::RuleSet;
use crate::source::Span;

const MAIN: &str = "\
from web import App
from app.answers import answer

app = App()


@app.post(\"/ask\")
async def ask(question: Question):
    system = f\"You are {question.persona}.\"
    return await answer(system, question.text)
";

const ANSWERS: &str = "\
from llm import Client

client = Client()


async def answer(system: str, text: str) -> str:
    response = await client.complete(
        model=\"large\", messages=[{\"role\": \"system\", \"content\": system}, {\"role\": \"user\", \"content\": text}]
    )
    return response.text
";

const ROUTE: &str = "\
export async function POST(request: Request) {
  const grüße = request.headers; console.log(\"\u{1b}[31m\", grüße);
}
";

/// The data that a report borrows.
pub(super) struct Sample {
    pub(super) findings: Vec<Finding>,
    pub(super) notices: Vec<Notice>,
    /// The text that no format may show.
    pub(super) secret: String,
    pub(super) rules: RuleSet,
    sources: BTreeMap<String, String>,
    summary: Summary,
    checklist: Catalogue,
    silenced: Vec<Silenced>,
}

impl Sample {
    pub(super) fn empty() -> Self {
        Sample {
            findings: Vec::new(),
            notices: Vec::new(),
            secret: String::new(),
            sources: BTreeMap::new(),
            summary: Summary { files_by_language: [("Rust".to_owned(), 1)].into(), ..Summary::default() },
            rules: super::rules::rules(),
            checklist: Catalogue::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0])),
            silenced: Vec::new(),
        }
    }

    pub(super) fn new() -> Self {
        let mut sample = Sample::empty();
        sample.secret = ["live", "7Qm2ZxT9", "Kc4RbW1"].concat();
        let settings = format!("import os\n\nKEY = \"{0}\"\nprint(KEY, \"{0}\")\n", sample.secret);
        let files = [
            ("app/main.py", MAIN.to_owned()),
            ("app/answers.py", ANSWERS.to_owned()),
            ("app/settings.py", settings),
            ("web/app/[id]/große route.ts", ROUTE.to_owned()),
        ];
        sample.sources = files.map(|(path, text)| (path.to_owned(), text)).into();
        sample.findings = vec![
            sample.rate_limit(),
            sample.system_prompt(),
            sample.credential(),
            sample.logged_credential(),
            sample.logged_headers(),
        ];
        sample.notices = vec![
            Notice {
                span: Some(Span::new(0, 6)),
                ..Notice::file(NoticeKind::Unparsed, "app/main.py", "part of the file could not be parsed")
            },
            Notice::file(NoticeKind::Skipped, "web/dist/main.min.js", "minified"),
        ];
        sample.summary = Summary {
            files_by_language: [("Python".to_owned(), 3), ("TypeScript/JavaScript".to_owned(), 1)].into(),
            skipped: [("minified".to_owned(), 1), ("larger than 1 MB".to_owned(), 2)].into(),
            llm_calls: 1,
            entry_points: 2,
            llm_entry_points: 1,
            unresolved: 1,
            unknown_libraries: Vec::new(),
            elapsed: Some(Duration::from_millis(420)),
        };
        sample
    }

    pub(super) fn report(&self) -> Report<'_> {
        Report {
            tool: Tool { name: "launchlint", version: "0.1.0", home: Some("https://launchlint.example") },
            findings: &self.findings,
            fingerprints: &[],
            notices: &self.notices,
            summary: &self.summary,
            rules: &self.rules,
            checklist: &self.checklist,
            sources: &self.sources,
            masked: &[],
            circumstances: Circumstances { silenced: &self.silenced, ..Circumstances::default() },
        }
    }

    /// Moves the first finding to those that somebody accepted.
    pub(super) fn accept_first(&mut self) {
        self.silenced.push(Silenced {
            finding: self.findings.remove(0),
            fingerprint: "0".repeat(32),
            by: SilencedBy::Comment,
            reason: "behind the gateway".into(),
            until: "2027-01-31".parse().ok(),
        });
    }

    /// Repeats the mildest finding until there are this many.
    pub(super) fn multiply(&mut self, number: usize) {
        let mut mild = self.findings[3].clone();
        mild.severity = Severity::Note;
        while self.findings.len() < number {
            mild.subject = format!("print {}", self.findings.len());
            self.findings.push(mild.clone());
        }
    }

    /// Replaces a file's text.
    pub(super) fn set_source(&mut self, path: &str, text: &str) {
        self.sources.insert(path.to_owned(), text.to_owned());
    }

    /// The nth place of a text in a file.
    fn at(&self, path: &str, text: &str, nth: usize) -> Location {
        let (start, found) = self.sources[path].match_indices(text).nth(nth).expect("the sample holds the text");
        Location { path: path.to_owned(), span: Span::new(start, start + found.len()) }
    }

    fn step(&self, path: &str, text: &str, note: &str) -> Step {
        Step { at: self.at(path, text, 0), note: note.to_owned() }
    }

    fn finding(&self, rule: &str, at: Location, subject: &str, message: &str) -> Finding {
        let card = self.rules.get(rule).expect("a rule of the sample");
        Finding {
            rule: rule.to_owned(),
            message: message.to_owned(),
            severity: card.severity,
            confidence: card.confidence,
            at,
            subject: subject.to_owned(),
            flow: Vec::new(),
            related: Vec::new(),
            remedy: None,
            masked: Vec::new(),
        }
    }

    fn rate_limit(&self) -> Finding {
        let message = "POST /ask reaches `client.complete`, and no rate limiter guards it: one caller \
                       can spend the whole budget; limit requests per user before the call";
        Finding {
            flow: vec![
                self.step("app/main.py", "ask(question: Question)", "`ask` handles POST /ask"),
                self.step("app/main.py", "answer(system, question.text)", "calls `answer`"),
                self.step("app/answers.py", "client.complete(", "LLM call"),
            ],
            related: vec![self.step("app/main.py", "app = App()", "the application has no limiter either")],
            ..self.finding("missing-rate-limit", self.at("app/main.py", "ask(", 0), "POST /ask", message)
        }
    }

    fn system_prompt(&self) -> Finding {
        let message = "`question.persona` flows into the system prompt of `client.complete`: whoever \
                       writes it rewrites the instructions; send it as a user message";
        let at = self.at("app/main.py", "f\"You are {question.persona}.\"", 0);
        Finding {
            flow: vec![
                self.step("app/main.py", "question: Question", "request body"),
                self.step("app/main.py", "f\"You are {question.persona}.\"", "becomes part of the instructions"),
            ],
            remedy: Some("Look the persona up in a fixed table by `question.persona`.".to_owned()),
            confidence: Confidence::Low,
            ..self.finding("untrusted-system-prompt", at, "ask", message)
        }
    }

    fn credential(&self) -> Finding {
        let at = self.at("app/settings.py", &self.secret, 0);
        let message = format!("the value of `KEY` ({}) is hard-coded: revoke it", self.secret);
        Finding { masked: vec![at.clone()], ..self.finding("hardcoded-credential", at, "KEY", &message) }
    }

    fn logged_credential(&self) -> Finding {
        let at = self.at("app/settings.py", "print(", 0);
        Finding {
            severity: Severity::Medium,
            ..self.finding(
                "sensitive-data-logged",
                at,
                "print",
                "`KEY` reaches `print`: logs are kept longer than keys",
            )
        }
    }

    fn logged_headers(&self) -> Finding {
        let path = "web/app/[id]/große route.ts";
        let at = self.at(path, "console.log", 0);
        self.finding(
            "sensitive-data-logged",
            at,
            "POST",
            "all request headers reach `console.log`:\u{1b}[2J they hold cookies",
        )
    }
}
