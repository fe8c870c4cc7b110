//! The messages of a rent: all of them, oldest first, for as long as it lasts.

use smsbridge::domain::Progress;

use super::flat::in_every_flat;

#[tokio::test]
async fn messages_keep_coming_and_none_is_lost() {
    in_every_flat(async |flat| {
        let mut rent = flat.rent().await;
        assert!(flat.look(&mut rent).await.is_empty());
        for many in 1..=3 {
            flat.advance(6);
            let before = rent.messages.clone();
            let all = flat.look(&mut rent).await;
            assert_eq!(all.len(), many);
            let same = before.iter().zip(&all).all(|(one, other)| one.code == other.code);
            assert!(same, "the list begins as it did");
        }
        let lot = flat.last_lot();
        let sent: Vec<_> = lot.messages.iter().map(|message| message.text.clone()).collect();
        let codes: Vec<_> = lot.messages.iter().map(|message| message.code.clone()).collect();
        let shown: Vec<_> = rent.messages.iter().map(|sms| sms.text_or_code().to_owned()).collect();
        assert_eq!(shown, if flat.spec.kind == "vak-sms" { codes } else { sent });
    })
    .await;
}

#[tokio::test]
async fn a_message_is_shown_with_all_that_is_known_of_it() {
    in_every_flat(async |flat| {
        flat.silence();
        let mut rent = flat.rent().await;
        flat.advance(60);
        let text = "Code: 47:11\nnever + share it";
        flat.market().deliver(&rent.upstream_id, "47:11", text).unwrap();
        let sent = flat.last_lot().messages.remove(0);
        flat.advance(3);
        let sms = flat.look(&mut rent).await.remove(0);
        if flat.spec.kind == "vak-sms" {
            assert_eq!((sms.code.as_str(), sms.text, sms.sender), ("47:11", None, None));
            // It is as old as the first look at it.
            assert_eq!(sms.received_at.to_string(), "2026-01-01T00:01:03Z");
            return;
        }
        assert_eq!((sms.code.as_str(), sms.text.as_deref()), (text, Some(text)));
        assert_eq!((sms.sender, sms.received_at), (Some(sent.sender), sent.arrived_at));
        let service = sms.service.as_ref().map(|service| service.as_str());
        assert_eq!(service, if flat.spec.speaks_dialect { Some(flat.service) } else { None });
    })
    .await;
}

#[tokio::test]
async fn two_messages_alike_are_two() {
    in_every_flat(async |flat| {
        flat.silence();
        let mut rent = flat.rent().await;
        for many in 1..=2 {
            flat.market().deliver(&rent.upstream_id, "1", "one").unwrap();
            assert_eq!(flat.look(&mut rent).await.len(), many);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_gone() {
    in_every_flat(async |flat| {
        let rent = flat.rent().await;
        flat.advance(u64::from(flat.hours) * 3600);
        assert_eq!(flat.rentals().messages(&flat.cx, &rent).await, Ok(Progress::Gone));
    })
    .await;
}
