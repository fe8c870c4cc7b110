//! What stands in the ids of the stand-in.

use crate::upstream::ids::{ALL, Behaviour, Sold};

#[test]
fn an_id_says_what_its_number_receives() {
    for behaviour in ALL {
        let sold = Sold { behaviour, at: 1_790_000_000_123, nth: 54_321 };
        assert_eq!(Sold::of_id_num(&sold.id_num()), Some(sold));
        assert_eq!(Sold::of_decimal(&sold.decimal()), Some(sold));
        assert_eq!(Behaviour::of(behaviour.service()), behaviour);
    }
    assert_eq!(Sold::of_id_num("x"), None);
    assert_eq!(Sold::of_decimal("9000000000000000000"), None);
}

#[test]
fn a_code_comes_when_it_is_due() {
    let of = |behaviour| Sold { behaviour, at: 1000, nth: 1 };
    assert_eq!(of(Behaviour::Waits).code(u64::MAX), None);
    assert_eq!(of(Behaviour::AtOnce).code(1000), Some(10_001));
    assert_eq!(of(Behaviour::Later).code(1000 + 12_918), None);
    assert_eq!(of(Behaviour::Later).code(1000 + 12_919), Some(10_001));
}
