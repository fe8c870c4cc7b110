//! Where an activation stands, what was sent to it, and who called. Knows neither orders nor lists.

use jiff::Timestamp;
use serde_json::Value;

use super::{Bytes, Reader};
use crate::dialect::actions::{all_sms, outgoing_calls, status, status_v2};
use crate::dialect::shape::StatusV2Waiting;
use crate::domain::{Activation, Inbox, Progress, Sms, State};
use crate::engine::Detailed;
use crate::fuzzing::sample;
use crate::provider::calls::OutgoingCall;
use crate::provider::{Fault, FaultKind};

const STATES: [State; 8] = [
    State::Waiting,
    State::Resend,
    State::Retry,
    State::Received,
    State::Cancelling,
    State::Cancelled,
    State::Finished,
    State::Expired,
];

/// Messages in the order in which they came.
pub(super) fn sms(bytes: &mut Bytes<'_>) -> Vec<Sms> {
    let mut at = bytes.time();
    bytes.several(4, |bytes| {
        at = Timestamp::from_second(at.as_second() + i64::from(bytes.byte())).unwrap_or(at);
        let text = bytes.flip().then(|| bytes.text());
        Sms { code: bytes.code(), text, sender: None, service: None, received_at: at }
    })
}

/// An activation as it can be: received means that a message is there.
fn activation(bytes: &mut Bytes<'_>) -> Activation {
    let messages = sms(bytes);
    let state = match bytes.one_of(&STATES) {
        State::Received | State::Retry if messages.is_empty() => State::Waiting,
        state => state,
    };
    let asked_at = if state == State::Finished && bytes.flip() { messages.len() } else { 0 };
    Activation { state, asked_at, messages, ..sample::activation() }
}

/// Whether the reader's client knows what the writer knows, and nothing else.
fn hold(activation: &Activation, read: Result<Progress, Fault>, body: &str) -> Option<Sms> {
    let progress = read.unwrap_or_else(|fault| panic!("{body}: {fault:?}"));
    let last = activation.last();
    let shows_last = match activation.state {
        State::Received => true,
        State::Finished => activation.asked_at != activation.messages.len(),
        _ => false,
    };
    let expected = match activation.state {
        State::Waiting | State::Retry | State::Cancelling => Progress::Waiting,
        State::Resend => Progress::Resend,
        State::Received | State::Finished if shows_last => match progress {
            Progress::Received(Inbox::Newest(sms)) => {
                assert_eq!(Some(&sms.code), last.map(|last| &last.code), "{body}");
                return Some(sms);
            }
            other => panic!("{body}: {other:?}"),
        },
        State::Received | State::Finished | State::Cancelled | State::Expired => Progress::Cancelled,
    };
    assert_eq!(progress, expected, "{body}");
    None
}

pub(super) fn plain(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let activation = activation(bytes);
    let reply = status::written(activation.standing());
    let read = reader.read(&reply, async |provider, cx| provider.poll(cx, &activation).await);
    hold(&activation, read, &reply.body);
}

pub(super) fn detailed(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let activation = activation(bytes);
    let waiting = bytes.one_of(&[StatusV2Waiting::Json, StatusV2Waiting::Text]);
    let detailed = Detailed { activation: activation.clone(), native: None };
    let reply = status_v2::written(&detailed, waiting);
    let read = reader.read(&reply, async |provider, cx| provider.poll_v2(cx, &activation).await);
    let read = read.map(|(progress, _): (Progress, Value)| progress);
    // This form has one way to say that a message is awaited.
    let said = match activation.state {
        State::Resend if waiting == StatusV2Waiting::Json => {
            Activation { state: State::Waiting, ..activation }
        }
        _ => activation,
    };
    if let Some(sms) = hold(&said, read, &reply.body) {
        assert_eq!(sms.text.as_deref(), said.last().map(Sms::text_or_code), "{}", reply.body);
        assert_eq!(Some(sms.received_at), said.last().map(|sms| sms.received_at), "{}", reply.body);
    }
}

pub(super) fn messages(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let activation = Activation { messages: sms(bytes), ..sample::activation() };
    let reply = all_sms::written(&activation, (0, usize::MAX));
    let read = reader.read(&reply, async |provider, cx| provider.messages(cx, &activation).await);
    let Ok(read) = read else { panic!("{}: {read:?}", reply.body) };
    let said = |all: &[Sms]| -> Vec<_> {
        all.iter().map(|sms| (sms.code.clone(), sms.text_or_code().to_owned(), sms.received_at)).collect()
    };
    assert_eq!(said(&read), said(&activation.messages), "{}", reply.body);
}

pub(super) fn calls(reader: &Reader<'_>, bytes: &mut Bytes<'_>) {
    let id = bytes.id();
    let upstream_id = id.to_string();
    let call = OutgoingCall {
        upstream_id,
        ordered_at: bytes.time(),
        from: bytes.phone(),
        status: "IN_PROCESS".into(),
    };
    let reply = outgoing_calls::written(vec![(id, call.clone())]);
    let read = reader.read(&reply, async |provider, cx| match provider.calls() {
        Some(calls) => calls.outgoing(cx, None, None).await,
        None => Err(Fault::new(FaultKind::Malformed, "no calls")),
    });
    assert_eq!(read, Ok(vec![call]), "{}", reply.body);
}
