//! Puts the layers on top of each other: built-in settings, file, environment, flags. Each value
//! keeps who said it. Knows the built-in settings and the order of the providers; does not judge
//! what the layers say.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::Overrides;
use super::env::{self, Variable};
use super::error::{ConfigError, ConfigErrors, Origin, Problem};
use super::report::Report;
use super::secret_file::is_open_to_all;

/// The file that is read when none is named.
pub(super) const DEFAULT_FILE: &str = "proxy.toml";
/// The flags that say where to listen, for HTTP and for HTTPS.
pub(super) const FLAGS: [&str; 2] = [LISTEN_FLAG, LISTEN_TLS_FLAG];
const LISTEN_FLAG: &str = "--listen";
const LISTEN_TLS_FLAG: &str = "--listen-tls";
/// What says so in place of both where somebody else has taken the addresses already.
const SOCKETS: &str = "LISTEN_FDS";
/// The provider that there is when nobody names one.
const DEFAULT_PROVIDER: &str = "main";
const DEFAULTS: &str = r#"
server.listen = ["127.0.0.1:8080"]
server.listen_tls = []
server.workers = 1
server.drain = "30s"
admin.listen = "127.0.0.1:9464"
server.allow_origins = []
server.allow_hosts = []
clients.mode = "any"
webhooks.urls = []
webhooks.allow = []
webhooks.timeout = "10s"
purchase.adopt_within = "60s"
purchase.cancel_unused = true
dialect.currency = "RUB"
dialect.flavour = "sms-activate"
redirect.hosts = []
dns.servers = []
limits.max_header = 16384
limits.max_body = 65536
limits.header_timeout = "10s"
limits.body_timeout = "10s"
limits.idle_timeout = "75s"
limits.connections = 4096
limits.connections_per_address = 512
limits.requests = 2048
limits.requests_per_second = 1000
limits.requests_burst = 2000
limits.wrong_keys_per_minute = 60
tls.folder = "smsbridge-ca"
ledger.url = "sqlite:smsbridge.db"
ledger.keep = "forever"
"#;
const DEFAULT_PROVIDER_KIND: &str = r#"provider.main.kind = "sandbox""#;

/// The configuration file as it was written.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Whether every user of this machine can read it.
    pub(super) is_open: bool,
    table: toml::Table,
}

impl File {
    /// Reads the file; without a name the usual one, which may be missing.
    pub(super) fn read(named: Option<&Path>) -> Result<Option<Self>, ConfigErrors> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        match std::fs::read(path) {
            Ok(bytes) => {
                Self::parse(path, bytes).map(|file| Some(Self { is_open: is_open_to_all(path), ..file }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => match named {
                Some(path) => Err(wrong(path, Problem::NoSuchFile)),
                None => Ok(None),
            },
            Err(error) => Err(wrong(path, Problem::Unreadable(error.to_string()))),
        }
    }

    /// Reads the bytes of the file.
    pub(super) fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, ConfigErrors> {
        let text = String::from_utf8(bytes).map_err(|_| {
            wrong(path, Problem::Unreadable("it is not UTF-8 text; save it as UTF-8".to_owned()))
        })?;
        // Some editors begin a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        match toml::from_str(text) {
            Ok(table) => Ok(Self { path: path.to_owned(), is_open: false, table }),
            Err(error) => Err(wrong(path, syntax(text, &error))),
        }
    }

    /// The names below `path`, in the order they were written.
    pub(super) fn names(&self, path: &[&str]) -> Vec<String> {
        let mut table = Some(&self.table);
        for part in path {
            table = table.and_then(|table| table.get(*part)).and_then(toml::Value::as_table);
        }
        table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
    }
}

fn wrong(path: &Path, problem: Problem) -> ConfigErrors {
    ConfigErrors(vec![ConfigError { origin: Origin::File(path.to_owned()), key: String::new(), problem }])
}

/// Only the parser's message: what it prints beside would quote the line, and the line may hold a key.
fn syntax(text: &str, error: &toml::de::Error) -> Problem {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let message = error.message().trim().replace('\n', ", ");
    Problem::Syntax { line, column, message }
}

/// The layers, one on top of the other.
pub(super) struct Layers {
    pub(super) figment: Figment,
    /// All that they say.
    pub(super) dict: Dict,
    /// The providers: those of the file in its order, then the others by name.
    pub(super) providers: Vec<String>,
}

impl Layers {
    /// Puts them together.
    pub(super) fn assemble(
        file: Option<&File>,
        env: impl Iterator<Item = (String, String)>,
        overrides: &Overrides,
        report: &mut Report,
    ) -> Result<Self, ConfigErrors> {
        let in_file = |path: &[&str]| file.map(|file| file.names(path)).unwrap_or_default();
        let mut providers = in_file(&["provider"]);
        let names = env::Names { providers: &providers, clients: &in_file(&["clients", "key"]) };
        let variables = env::read(env, &names, report);
        let mut more: Vec<String> =
            variables.iter().filter_map(Variable::provider).map(str::to_owned).collect();
        more.retain(|name| !providers.contains(name));
        more.sort_unstable();
        more.dedup();
        providers.append(&mut more);

        let mut figment = Figment::new().merge(Layer::defaults(DEFAULTS));
        if providers.is_empty() || providers.iter().any(|name| name == DEFAULT_PROVIDER) {
            figment = figment.merge(Layer::defaults(DEFAULT_PROVIDER_KIND));
        }
        if providers.is_empty() {
            providers.push(DEFAULT_PROVIDER.to_owned());
        }
        if let Some(file) = file {
            figment = figment.merge(Layer::file(file));
        }
        for variable in variables {
            figment = figment.merge(variable);
        }
        for layer in Layer::overrides(overrides) {
            figment = figment.merge(layer);
        }
        let dict = figment.find_value("").map(|value| value.into_dict().unwrap_or_default());
        let dict = dict.map_err(|error| {
            let problem = Problem::Layers(error.kind.to_string());
            ConfigErrors(vec![ConfigError { origin: Origin::Default, key: String::new(), problem }])
        })?;
        Ok(Self { figment, dict, providers })
    }
}

/// One layer that is not the environment.
struct Layer {
    metadata: Metadata,
    dict: Dict,
}

impl Layer {
    fn defaults(text: &str) -> Self {
        let table = toml::from_str::<toml::Table>(text).unwrap_or_default();
        Self { metadata: Metadata::named("built-in settings"), dict: dict_of(&table) }
    }

    fn file(file: &File) -> Self {
        Self { metadata: Metadata::from("file", file.path.as_path()), dict: dict_of(&file.table) }
    }

    /// What the command line says, and above that what was handed over.
    fn overrides(said: &Overrides) -> Vec<Self> {
        let flag = |flag, name, addresses: &[String]| {
            let said = (!addresses.is_empty()).then(|| (name, addresses.to_vec()));
            said.map(|said| Self::listen(Metadata::from("flag", flag), [said]))
        };
        let mut layers: Vec<Self> = [
            flag(LISTEN_FLAG, "listen", &said.listen),
            flag(LISTEN_TLS_FLAG, "listen_tls", &said.listen_tls),
        ]
        .into_iter()
        .flatten()
        .collect();
        layers.extend(said.sockets.as_ref().map(|sockets| {
            let both = [("listen", sockets.plain.clone()), ("listen_tls", sockets.tls.clone())];
            Self::listen(Metadata::from("environment variable", SOCKETS), both)
        }));
        layers
    }

    fn listen(metadata: Metadata, lists: impl IntoIterator<Item = (&'static str, Vec<String>)>) -> Self {
        let lists = lists.into_iter().map(|(name, addresses)| (name.to_owned(), Value::from(addresses)));
        let server: Dict = lists.collect();
        Self { metadata, dict: Dict::from([("server".to_owned(), Value::from(server))]) }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}

fn dict_of(table: &toml::Table) -> Dict {
    table.iter().map(|(key, value)| (key.clone(), value_of(value))).collect()
}

fn value_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(value) => Value::from(*value),
        // No setting is a date; as the text that was written it is refused where it does not fit.
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(values) => Value::from(values.iter().map(value_of).collect::<Vec<_>>()),
        toml::Value::Table(table) => Value::from(dict_of(table)),
    }
}
