//! What the stand-in sells and shows.

use crate::upstream::Tally;
use crate::upstream::answers::Counter;

fn ask(counter: &Counter, target: &str) -> String {
    let mut out = Vec::new();
    counter.answer(target, &mut out);
    let text = String::from_utf8(out).unwrap();
    text.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn a_number_is_sold_and_receives_its_code_in_both_apis() {
    let counter = Counter::default();
    let sold = ask(&counter, "/api/getNumber/?apiKey=k&service=gl&country=ru");
    let id = sold.split('"').nth(5).unwrap();
    assert!(ask(&counter, &format!("/api/getSmsCode/?apiKey=k&idNum={id}&all=true")).contains("[\"10001\"]"));
    let sold = ask(&counter, "/stubs/handler_api.php?action=getNumber&service=tg");
    let id = sold.split(':').nth(1).unwrap();
    assert_eq!(
        ask(&counter, &format!("/stubs/handler_api.php?action=getStatus&id={id}")),
        "STATUS_WAIT_CODE"
    );
    assert_eq!(counter.tally.get(), Tally { polls: 2, acts: 2, lists: 0 });
}
