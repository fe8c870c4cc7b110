//! The life of an activation as one explicit machine: what a client's command means in each state,
//! which of them have to be told to the upstream first, and what an upstream's answer changes.
//! Knows neither the words of the wire nor any upstream's statuses.
//!
//! Source: `api/sms-activate.txt`, "Изменение статуса активации" and "Получить состояние
//! активации"; where that is silent, `UPSTREAMS.md` sections 6 and 8.

/// Where an activation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Bought; no message yet.
    Waiting,
    /// The upstream asks that the service send its message once more.
    Resend,
    /// At least one message, and no other asked for.
    Received,
    /// Another message was asked for and has not come.
    Retry,
    /// It was to be cancelled, no message had come, and whether the upstream did it is not known.
    Cancelling,
    /// Finished by the client.
    Finished,
    /// Cancelled, and the upstream said so.
    Cancelled,
    /// Its time ended without a message.
    Expired,
}

impl State {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Resend,
        Self::Received,
        Self::Retry,
        Self::Cancelling,
        Self::Finished,
        Self::Cancelled,
        Self::Expired,
    ];

    /// Whether nothing can change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled | Self::Expired)
    }

    /// Whether only the upstream can know more than we do.
    pub fn awaits_upstream(self) -> bool {
        matches!(self, Self::Waiting | Self::Resend | Self::Retry | Self::Cancelling)
    }

    /// The word under which the ledger keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Resend => "resend",
            Self::Received => "received",
            Self::Retry => "retry",
            Self::Cancelling => "cancelling",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The state kept under a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What a client wants (`setStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// 1: the message was sent to the number.
    Ready,
    /// 3: another message, please.
    Another,
    /// 6: done.
    Finish,
    /// 8: the number is used or blocked; cancel.
    Reject,
    /// −1 of old clients: cancel.
    Cancel,
}

/// What an upstream is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The message was sent to the number.
    Ready,
    /// Another message is wanted.
    Another,
    /// The service was made to send its message once more.
    Resent,
    /// The activation is done.
    Finish,
    /// The number is used or blocked; refund it.
    Reject,
    /// The activation is not wanted; refund it.
    Cancel,
}

/// What a command comes to in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Tell the upstream, and answer when it has agreed.
    Tell(Step),
    /// It is so already, or concerns nobody else: answer without a call.
    Answer(Step),
    /// Not possible in this state.
    Refuse,
}

/// What `command` comes to in `state`.
///
/// A repeated 3, 6, 8 or −1 is answered as the first one was, because a client may have lost the answer;
/// it is not told to the upstream twice, because some upstreams charge for another message.
/// 6 before any message cancels ("если был 'подготовка' - удаляет и помечает ошибка"), since a
/// number that was paid for must not be forgotten; 8 after a message is refused, since nothing
/// could be refunded.
pub fn decide(state: State, command: Command) -> Verdict {
    use Verdict::{Answer, Refuse, Tell};
    match (state, command) {
        (State::Waiting, Command::Ready) => Tell(Step::Ready),
        // The client cannot know yet that the message has come.
        (State::Resend | State::Received | State::Retry | State::Cancelling, Command::Ready) => {
            Answer(Step::Ready)
        }

        (State::Received, Command::Another) => Tell(Step::Another),
        (State::Retry, Command::Another) => Answer(Step::Another),

        (State::Waiting | State::Cancelling, Command::Finish) => Tell(Step::Cancel),
        (State::Resend, Command::Finish) => Tell(Step::Resent),
        (State::Received | State::Retry, Command::Finish) => Tell(Step::Finish),
        (State::Finished, Command::Finish) => Answer(Step::Finish),

        (State::Waiting | State::Resend | State::Cancelling, Command::Reject) => Tell(Step::Reject),
        (State::Waiting | State::Resend | State::Cancelling, Command::Cancel) => Tell(Step::Cancel),
        (State::Cancelled, Command::Finish | Command::Reject | Command::Cancel) => Answer(Step::Cancel),

        _ => Refuse,
    }
}

/// The state after the upstream agreed to `step`.
pub fn after(state: State, step: Step) -> State {
    match step {
        Step::Ready => state,
        Step::Another => State::Retry,
        Step::Resent => State::Waiting,
        Step::Finish => State::Finished,
        Step::Reject | Step::Cancel => State::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_final_state() {
        let commands = [Command::Ready, Command::Another, Command::Finish, Command::Reject, Command::Cancel];
        for state in State::ALL.into_iter().filter(|state| state.is_final()) {
            for command in commands {
                let verdict = decide(state, command);
                assert!(!matches!(verdict, Verdict::Tell(_)), "{state:?} {command:?}");
            }
        }
    }

    #[test]
    fn a_received_message_cannot_be_cancelled_away() {
        for state in [State::Received, State::Retry, State::Finished] {
            assert_eq!(decide(state, Command::Cancel), Verdict::Refuse, "{state:?}");
            assert_eq!(decide(state, Command::Reject), Verdict::Refuse, "{state:?}");
        }
    }

    #[test]
    fn another_message_is_asked_for_only_after_one_and_only_once() {
        assert_eq!(decide(State::Waiting, Command::Another), Verdict::Refuse);
        assert_eq!(decide(State::Received, Command::Another), Verdict::Tell(Step::Another));
        let asked = after(State::Received, Step::Another);
        assert_eq!(decide(asked, Command::Another), Verdict::Answer(Step::Another));
    }

    #[test]
    fn an_expired_activation_is_never_claimed_cancelled() {
        assert_eq!(decide(State::Expired, Command::Cancel), Verdict::Refuse);
    }

    #[test]
    fn states_keep_their_words() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
    }
}
