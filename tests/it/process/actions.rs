//! `smsbridge actions`: one matrix in three forms, and the README's table is one of them.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::child::Program;

const BEGIN: &str = "<!-- actions:begin -->";
const END: &str = "<!-- actions:end -->";

/// The section of the README that gives the reasons.
const WHY: &str = "### Why an action is refused\n";

/// The head and the rows of the matrix: an action, then what each kind of provider makes of it.
type Matrix = Vec<Vec<String>>;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("README.md: {error}"))
}

async fn printed(args: &[&str]) -> String {
    let home = TempDir::new().unwrap();
    let ended = Program::within(home.path()).args(&["actions"]).args(args).end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
    ended.stdout
}

fn of_text(text: &str) -> Matrix {
    let cells = |line: &str| {
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    text.lines().map(cells).collect()
}

fn of_markdown(text: &str) -> Matrix {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |"));
        let inner = inner.unwrap_or_else(|| panic!("not a row: {line:?}"));
        inner.split(" | ").map(|cell| cell.trim().replace('`', "")).collect()
    };
    let mut rows: Matrix = text.lines().map(cells).collect();
    let rule = rows.remove(1);
    assert!(rule.iter().all(|cell| cell.len() >= 3 && cell.bytes().all(|byte| byte == b'-')), "{rule:?}");
    rows
}

fn of_json(text: &str) -> Matrix {
    let rows: Vec<Value> = serde_json::from_str(text).unwrap();
    let providers = |row: &Value| row["providers"].as_array().unwrap().clone();
    let name = |cell: &Value| cell["provider"].as_str().unwrap().to_owned();
    let mut matrix =
        vec![[vec!["action".to_owned()], providers(&rows[0]).iter().map(name).collect()].concat()];
    for row in &rows {
        let names: Vec<_> = providers(row).iter().map(name).collect();
        assert_eq!(names, matrix[0][1..]);
        let cells = providers(row).iter().map(cell_of).collect();
        matrix.push([vec![row["action"].as_str().unwrap().to_owned()], cells].concat());
    }
    matrix
}

/// A refusal has its word, and nothing else has one.
fn cell_of(cell: &Value) -> String {
    match (cell["support"].as_str().unwrap(), cell["word"].as_str()) {
        ("refused", Some(word)) => format!("refused {word}"),
        (support @ ("native" | "emulated"), None) => support.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_three_forms_say_the_same() {
    let json = of_json(&printed(&["--json"]).await);
    assert_eq!(of_text(&printed(&[]).await), json);
    assert_eq!(of_markdown(printed(&["--markdown"]).await.trim_end()), json);
    let kinds = ["sandbox", "vak-sms", "smsak", "sms-service-online", "sms-man", "sms-activate"];
    assert_eq!((json[0][0].as_str(), &json[0][1..]), ("action", &kinds.map(str::to_owned)[..]));
    assert!(json.iter().all(|row| row.len() == json[0].len()), "{json:?}");
}

/// What UPSTREAMS.md section 6 and `api/sms-activate.txt` say of some cells.
#[tokio::test]
async fn the_matrix_says_what_the_documents_say() {
    let matrix = of_json(&printed(&["--json"]).await);
    let none = "refused OPERATORS_NOT_FOUND";
    for (action, vak_sms, smsak, online, sms_man, sms_activate) in [
        ("getBalance", "native", "native", "native", "native", "native"),
        ("getNumber", "native", "native", "native", "native", "native"),
        ("setStatus", "native", "native", "native", "native", "native"),
        ("getStatus", "native", "native", "native", "native", "native"),
        ("getActiveActivations", "emulated", "emulated", "emulated", "emulated", "emulated"),
        ("getHistory", "emulated", "emulated", "emulated", "emulated", "emulated"),
        ("getTopCountriesByService", "emulated", "emulated", "emulated", "emulated", "native"),
        ("getOperators", "emulated", none, "native", none, "native"),
        ("getCountries", "emulated", "native", "native", "native", "native"),
        ("getFullSms", "emulated", "native", "emulated", "emulated", "native"),
    ] {
        let row = matrix.iter().find(|row| row[0] == action).unwrap_or_else(|| panic!("{action}"));
        assert_eq!(row[2..], [vak_sms, smsak, online, sms_man, sms_activate], "{action}");
    }
    // The main job is done at every kind of provider.
    let main_job = "getBalance getBalanceAndCashBack getNumbersStatus getPrices getCountries getServicesList \
        getTopCountriesByService getNumber getNumberV2 setStatus getStatus getStatusV2 getFullSms \
        getActiveActivations getHistory";
    for action in main_job.split_whitespace() {
        let row = matrix.iter().find(|row| row[0] == action).unwrap_or_else(|| panic!("{action}"));
        assert!(row[1..].iter().all(|cell| !cell.starts_with("refused")), "{row:?}");
    }
}

#[tokio::test]
async fn one_form_at_a_time() {
    let home = TempDir::new().unwrap();
    let ended = Program::within(home.path()).args(&["actions", "--json", "--markdown"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
}

#[tokio::test]
async fn the_table_of_the_readme_is_this_matrix() {
    let readme = readme();
    let after = readme.split_once(BEGIN).unwrap_or_else(|| panic!("README.md lacks the line {BEGIN}")).1;
    let table =
        after.split_once(END).unwrap_or_else(|| panic!("README.md lacks the line {END} after {BEGIN}")).0;
    let printed = printed(&["--markdown"]).await;
    assert_eq!(
        table.trim(),
        printed.trim(),
        "put the output of `smsbridge actions --markdown` into README.md"
    );
}

/// The reasons, one an item: each names its actions, the word, and the kinds or "everywhere".
fn reasons(readme: &str) -> Vec<&str> {
    let after = readme.split_once(WHY).unwrap_or_else(|| panic!("README.md lacks the section {WHY:?}")).1;
    let section = after.split("\n#").next().unwrap_or_default();
    section.split("\n- ").skip(1).map(|item| item.split("\n\n").next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn the_readme_has_a_reason_for_every_refusal() {
    let (readme, matrix) = (readme(), of_json(&printed(&["--json"]).await));
    let reasons = reasons(&readme);
    let names = |item: &str, name: &str| item.contains(&format!("`{name}`"));
    let mut refused = 0;
    for row in &matrix[1..] {
        for (kind, cell) in matrix[0].iter().zip(row).skip(1) {
            let Some(word) = cell.strip_prefix("refused ") else { continue };
            refused += 1;
            let is_about = |item: &&&str| names(item, &row[0]) && names(item, word);
            let mut about = reasons.iter().filter(is_about);
            assert!(
                about.any(|item| names(item, kind) || item.contains("everywhere")),
                "README.md, {WHY:?}: why is {} {word} on {kind}?",
                row[0]
            );
        }
    }
    assert!(refused > 50, "{refused}");
}

#[tokio::test]
async fn the_readme_gives_no_reason_for_what_is_done() {
    let (readme, matrix) = (readme(), of_json(&printed(&["--json"]).await));
    let refused_on = |row: &Vec<String>, kind: usize| row[kind].starts_with("refused ");
    let head = &matrix[0];
    for item in reasons(&readme) {
        let named = |row: &&Vec<String>| item.contains(&format!("`{}`", row[0]));
        for row in matrix[1..].iter().filter(named) {
            let says = |kind: &usize| item.contains(&format!("`{}`", head[*kind]));
            let done = (1..head.len()).filter(says).find(|kind| !refused_on(row, *kind));
            assert_eq!(done.map(|kind| &head[kind]), None, "{} is done there: {item}", row[0]);
        }
    }
}
