//! The `history` command: keeps dated results, one JSON object a line, and shows what they say together.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::args::{Common, HistoryAdd, HistoryShow, ListFormat};
use super::failure::Failure;
use super::git::Git;
use super::judgement::judge;
use super::tree::Tree;
use super::{Console, Stages, configure, output};
use crate::checklist::history::{self, Past, Record};
use crate::report::checklist::history as report;
use crate::settings::Date;

/// Where results are kept, below the scanned root.
const FILE: &str = ".launchlint/history.jsonl";
/// Characters of a commit's name that are kept.
const COMMIT: usize = 12;
/// The key of the tool's own fingerprint in its SARIF files.
const FINGERPRINT: &str = "launchlint/v1";

/// Records today's result, or those of past reports.
pub(super) fn add(options: &HistoryAdd, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let file = file(options.file.as_deref(), &options.common.paths)?;
    // What is there must be readable before a line is added to it.
    let known = load(&file)?.len();
    let attacks = options.cases.as_deref().map(cases).transpose()?.unwrap_or_default();
    let mut records = Vec::new();
    if !options.from_commit.is_empty() {
        records = of_commits(options, stages, console)?;
    } else if options.from_sarif.is_empty() {
        let judged = judge(&options.common, stages, console)?;
        records.push(Record::of(&judged.checklist, stages.rules, options.commit.clone()));
    } else {
        let date = options.common.today.as_deref().map(|day| configure::today(Some(day))).transpose()?;
        for sarif in &options.from_sarif {
            let (date, past) = past(sarif, date)?;
            records.push(Record { commit: options.commit.clone(), ..Record::from_findings(date, &past, stages.rules) });
        }
    }
    let mut text = String::new();
    for record in &mut records {
        record.attacks.clone_from(&attacks);
        let line = serde_json::to_string(record)
            .map_err(|error| Failure::new(format!("cannot write the result: {error}")).help(super::DEFECT))?;
        text.push_str(&line);
        text.push('\n');
    }
    append(&file, &text)?;
    let said = format!("added {} to {}, which held {known}\n", records.len(), file.display());
    output::to_stream(console.out, &said)
}

/// The results of past commits. Each is read out of the repository's objects, so that the working tree stays as it is, and
/// judged by this program: a rule that is new now also speaks about then.
fn of_commits(options: &HistoryAdd, stages: &Stages<'_>, console: &Console<'_>) -> Result<Vec<Record>, Failure> {
    let git = Git::open(configure::roots(&options.common.paths)?.base())?;
    let record = |name: &String| {
        let commit = git.commit(name)?;
        let day = git.day(&commit)?.to_string();
        let tree = Tree::of_commit(&git, &commit)?;
        let common = tree.within(&git, &options.common).ok_or_else(|| {
            Failure::new(format!("none of the paths is there in `{name}`")).help("name a commit that holds them")
        })?;
        let common = Common { today: Some(day), ..common };
        let judged = judge(&common, stages, console)?;
        let short = commit.chars().take(COMMIT).collect();
        Ok(Record::of(&judged.checklist, stages.rules, Some(short)))
    };
    options.from_commit.iter().map(record).collect()
}

/// Shows all results.
pub(super) fn show(options: &HistoryShow, console: &mut Console<'_>) -> Result<(), Failure> {
    let records = load(&file(options.file.as_deref(), &options.paths)?)?;
    let text = match options.format {
        ListFormat::Human => report::human(&records),
        ListFormat::Json => report::json(&records)
            .map_err(|error| Failure::new(format!("cannot write the results: {error}")).help(super::DEFECT))?,
    };
    output::to_stream(console.out, &text)
}

/// The file of results: the one that is named, or the usual one below the scanned root.
pub(super) fn file(named: Option<&Path>, paths: &[PathBuf]) -> Result<PathBuf, Failure> {
    match named {
        Some(file) => Ok(file.to_path_buf()),
        None => Ok(configure::roots(paths)?.base().join(FILE)),
    }
}

/// All results, oldest first; none if there is no file.
pub(super) fn load(file: &Path) -> Result<Vec<Record>, Failure> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    history::read(&read(file)?).map_err(|(line, why)| {
        Failure::new(format!("{}:{line}: this is no result: {why}", file.display()))
            .help("take the line out; `launchlint history add` writes one object a line")
    })
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| {
        Failure::new(format!("cannot read `{}`: {error}", file.display())).help("name a readable file")
    })
}

fn append(file: &Path, text: &str) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = file.parent().filter(|folder| *folder != Path::new("")) {
            fs::create_dir_all(folder)?;
        }
        // A last line that lacks its end would swallow the next one.
        let is_whole = fs::read(file).map_or(true, |bytes| bytes.is_empty() || bytes.ends_with(b"\n"));
        let text = if is_whole { text.to_owned() } else { format!("\n{text}") };
        fs::OpenOptions::new().create(true).append(true).open(file)?.write_all(text.as_bytes())
    };
    write().map_err(|error| {
        Failure::new(format!("cannot write `{}`: {error}", file.display())).help("check permissions and free space")
    })
}

/// The day and the findings of a past SARIF file; suppressed ones are left out, as they were decided then.
fn past(file: &Path, asked: Option<Date>) -> Result<(Date, Vec<Past>), Failure> {
    let text = read(file)?;
    let document: Value = serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("`{}` is no SARIF file: {error}", file.display()))
            .help("give a file that `launchlint scan --format sarif` wrote")
    })?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let runs = list(&document["runs"]);
    let ended = runs
        .iter()
        .flat_map(|run| list(&run["invocations"]))
        .find_map(|invocation| invocation["endTimeUtc"].as_str().and_then(|time| time.get(..10)?.parse::<Date>().ok()));
    let date = asked.or(ended).ok_or_else(|| {
        Failure::new(format!("`{}` does not say when it was made", file.display()))
            .help("say it with --today 2026-01-31")
    })?;
    let results = runs.iter().flat_map(|run| list(&run["results"]));
    let open = results.filter(|result| list(&result["suppressions"]).is_empty());
    let finding = |result: Value| {
        let name = result["partialFingerprints"][FINGERPRINT].as_str().map(str::to_owned);
        Some(Past { rule: result["ruleId"].as_str()?.to_owned(), fingerprint: name })
    };
    Ok((date, open.filter_map(finding).collect()))
}

/// Adversarial cases by response, out of a CSV file with a column `response` or JSON objects, one a line.
fn cases(file: &Path) -> Result<BTreeMap<String, u64>, Failure> {
    let text = read(file)?;
    let responses = if text.trim_start().starts_with('{') { json_responses(&text) } else { csv_responses(&text) };
    let responses = responses.ok_or_else(|| {
        Failure::new(format!("`{}` names no response of a case", file.display()))
            .help("give a CSV file with a column `response`, or JSON objects with that key, one a line")
    })?;
    let mut counted = BTreeMap::new();
    for response in responses {
        *counted.entry(response.trim().to_ascii_lowercase()).or_default() += 1;
    }
    Ok(counted)
}

fn json_responses(text: &str) -> Option<Vec<String>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str::<Value>(line).ok()?["response"].as_str().map(str::to_owned)).collect()
}

fn csv_responses(text: &str) -> Option<Vec<String>> {
    let mut records = csv(text).into_iter();
    let column = records.next()?.iter().position(|head| head.trim().eq_ignore_ascii_case("response"))?;
    records
        .filter(|record| record.iter().any(|cell| !cell.is_empty()))
        .map(|record| record.get(column).cloned())
        .collect()
}

/// The cells of a CSV text; quoted ones may hold commas, line ends and doubled quotes.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::{csv_responses, json_responses};

    #[test]
    fn responses_are_read_from_both_forms() {
        let csv = "prompt,category,Response\n\"say \"\"no\"\",\nnow\",override,Blocked\nx,y,accepted\n\n";
        assert_eq!(csv_responses(csv), Some(vec!["Blocked".to_owned(), "accepted".to_owned()]));
        assert_eq!(csv_responses("prompt,category\nx,y\n"), None);
        assert_eq!(
            json_responses("{\"response\":\"blocked\"}\n\n{\"response\":\"x\"}\n").map(|all| all.len()),
            Some(2)
        );
        assert_eq!(json_responses("{\"prompt\":\"x\"}\n"), None);
    }
}
