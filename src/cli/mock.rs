//! `smsbridge mock NAME`: runs a stand-in of an upstream. Knows nothing of what it answers.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use rust_decimal::Decimal;

use super::say::say;
use super::stop::asked_to_stop;
use super::{Common, fail};
use crate::mock::{STAND_INS, Settings, Setup, stand_in, start};
use crate::provider::parse_duration;

/// How the stand-in is set up.
#[derive(Debug, Args)]
pub struct Options {
    /// Which upstream it stands in for
    name: String,
    /// The one key it accepts
    #[arg(long, default_value = "mock-key")]
    key: String,
    /// How long after the order a message comes
    #[arg(long, value_parser = duration, default_value = "5s")]
    sms_delay: Duration,
    /// How long after the order cancelling is denied; as its upstream's document says by default
    #[arg(long, value_parser = duration)]
    early_cancel: Option<Duration>,
    /// The balance at the start
    #[arg(long, default_value = "1000.00")]
    balance: Decimal,
    /// Where prices, stock, numbers and codes come from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A way in which real upstreams differ from their document; may be given several times
    #[arg(long, value_name = "NAME")]
    quirk: Vec<String>,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "write a duration as 5s or 2m".to_owned())
}

/// Runs it.
pub async fn run(common: Common, options: Options) -> ExitCode {
    let listen = common.listen.first().map_or("127.0.0.1:9090", String::as_str);
    let Ok(listen) = listen.parse::<SocketAddr>() else {
        return fail(&format!("--listen {listen}: write an address and a port, as 127.0.0.1:9090"));
    };
    let settings = Settings {
        balance: options.balance,
        sms_delay: options.sms_delay,
        early_cancel: options.early_cancel,
        seed: options.seed,
        ..Settings::default()
    };
    let setup = Setup {
        key: options.key.clone(),
        quirks: options.quirk.clone(),
        market: settings,
        ..Setup::default()
    };
    match start(&options.name, listen, setup).await {
        Ok(running) => {
            let stop = asked_to_stop();
            say(&welcome(&options, running.addr));
            stop.await;
            running.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("{error}{}", known(&options.name))),
    }
}

fn welcome(options: &Options, addr: SocketAddr) -> String {
    let name = &options.name;
    let quirks: Vec<&str> = options.quirk.iter().map(String::as_str).collect();
    let (kind, summary, settings) = stand_in(name)
        .map_or(("", "", String::new()), |known| (known.kind, known.summary, known.settings_with(&quirks)));
    let lines = settings.lines().filter(|line| !line.is_empty());
    let settings: String = lines.map(|line| format!("\n    {line}")).collect();
    format!(
        "stand-in for {name} ({summary})\n  in proxy.toml\n    [provider.main]\n    kind = \"{kind}\"{settings}\n    \
         base_url = \"http://{addr}\"\n    api_key = \"{}\"\n  what it was asked against its document: http://{addr}/_mock/violations",
        options.key
    )
}

/// What could have been asked for.
fn known(name: &str) -> String {
    match stand_in(name) {
        Some(stand_in) => {
            let quirks = stand_in.quirks.iter().map(|quirk| format!("\n  {}: {}", quirk.name, quirk.doc));
            format!("\nits quirks are:{}", quirks.collect::<String>())
        }
        None => {
            let names =
                STAND_INS.iter().map(|stand_in| format!("\n  {}: {}", stand_in.name, stand_in.summary));
            format!("\nthere are:{}", names.collect::<String>())
        }
    }
}
