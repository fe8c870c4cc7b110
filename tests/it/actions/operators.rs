//! `getOperators`: `{"status":"success", "countryOperators": {"0": ["beeline",…],…}}`, and its error as
//! JSON that a client compares whole (`WIRE.md` section 1, item 10).

use serde_json::Value;

use super::{golden, refuse, say};
use crate::harness::{KINDS, World, has_operators};

const NOT_FOUND: &str = r#"{"status":"error","error":"OPERATORS_NOT_FOUND"}"#;

#[tokio::test]
async fn one_country_to_the_byte() {
    // `smsactivate_operators.tsv`; VAK-SMS's own are in `vaksms_countries.tsv`.
    let cases = [
        ("sandbox", 3, r#"["unicom","chinamobile","china_unicom"]"#),
        ("sandbox", 2, r#"["tele2","beeline","activ","altel","kcell","forte_mobile"]"#),
        ("sms-activate", 3, r#"["unicom","chinamobile","china_unicom"]"#),
        ("vak-sms", 32, r#"["vodafone"]"#),
        // Where VAK-SMS writes "forte mobile", the dialect has no blank.
        ("vak-sms", 2, r#"["activ","altel","beeline","forte_mobile","tele2"]"#),
    ];
    for (kind, country, names) in cases {
        let world = World::of(kind).await;
        let query = format!("action=getOperators&country={country}");
        let expected = format!(r#"{{"status":"success","countryOperators":{{"{country}":{names}}}}}"#);
        golden(&world.bridge, &[(&query, &expected)]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn without_a_country_there_are_all_that_have_operators() {
    for kind in KINDS {
        let world = World::of(kind).await;
        if !has_operators(kind) {
            refuse(&world.bridge, "action=getOperators", NOT_FOUND).await;
            refuse(&world.bridge, "action=getOperators&country=0", NOT_FOUND).await;
            continue;
        }
        let all = world.bridge.json("action=getOperators").await;
        assert_eq!(all["status"], "success");
        let countries = all["countryOperators"].as_object().unwrap();
        assert!(countries.len() > 10, "{kind}");
        for (country, names) in countries {
            let names = names.as_array().unwrap();
            assert!(!names.is_empty(), "{kind} {country}");
            // "Any" is what is meant by none.
            let named = |name: &Value| name.as_str().is_some_and(|name| !name.is_empty() && name != "any");
            assert!(names.iter().all(named), "{kind} {country}");
            let one = world.bridge.json(&format!("action=getOperators&country={country}")).await;
            assert_eq!(one["countryOperators"][country], Value::Array(names.clone()), "{kind}");
        }
        let plain = say(&world.bridge, "action=getOperators").await;
        for query in ["&country=", "&country=any"] {
            assert!(
                say(&world.bridge, &format!("action=getOperators{query}")).await == plain,
                "{kind} {query}"
            );
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_country_that_has_none_or_is_none_is_not_found() {
    for kind in KINDS {
        let world = World::of(kind).await;
        // 70 is Venezuela, which has no operators anywhere; 999 and "ru" are no countries.
        for country in ["70", "999", "ru", "-1"] {
            // The stand-in for sms-activate counts a country that does not exist as a violation.
            if kind == "sms-activate" && country == "999" {
                continue;
            }
            refuse(&world.bridge, &format!("action=getOperators&country={country}"), NOT_FOUND).await;
        }
        world.end().await;
    }
}
