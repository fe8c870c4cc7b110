//! What services in the manner of sms-activate write alike, whatever else their answers look like. Knows
//! no upstream and no error word: of those each has a list of its own.

use super::read;
use crate::domain::{Bought, Extra, Phone};

/// Reads `ACCESS_NUMBER:id:phone` (`api/sms-activate.txt`, "Запрос номера"; `api/sms-service-online.txt`,
/// getNumber). `None` for anything else; who asked for a number cannot then tell whether there is one.
pub fn sold(text: &str) -> Option<Bought> {
    fields(text.strip_prefix("ACCESS_NUMBER:")?)
}

/// Reads `ADDITIONAL:id:phone` (`api/sms-activate.txt`, "Дополнительный сервис для номеров с переадресацией").
pub fn added(text: &str) -> Option<Bought> {
    fields(text.strip_prefix("ADDITIONAL:")?)
}

fn fields(text: &str) -> Option<Bought> {
    let mut fields = text.split(':').map(str::trim);
    let upstream_id = fields.next().and_then(|id| read::id(Some(&id.into())))?;
    let phone = Phone::parse(fields.next()?).ok()?;
    Some(Bought { upstream_id, phone, price: None, operator: None, expires_at: None, extra: Extra::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_an_id_and_digits() {
        let bought = sold("ACCESS_NUMBER:234242:79991728822").unwrap();
        assert_eq!((bought.upstream_id.as_str(), bought.phone.digits()), ("234242", "79991728822"));
        assert_eq!(added("ADDITIONAL:1:7999").unwrap(), sold("ACCESS_NUMBER:1:7999").unwrap());
        assert_eq!((added("ACCESS_NUMBER:1:7999"), sold("ADDITIONAL:1:7999")), (None, None));
        assert_eq!(sold("ACCESS_NUMBER: 1 : +7999").unwrap().phone.digits(), "7999");
        for other in [
            "",
            "ACCESS_NUMBER",
            "ACCESS_NUMBER:",
            "ACCESS_NUMBER:1",
            "ACCESS_NUMBER:1:",
            "ACCESS_NUMBER::79991728822",
            "ACCESS_NUMBER:1:abc",
            "NO_NUMBERS",
        ] {
            assert_eq!(sold(other), None, "{other}");
        }
    }
}
