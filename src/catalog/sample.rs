//! The small files of an upstream that there is not, for the tests of what any upstream's files are
//! used for.

use super::{Catalog, Files, Mapping, Source};

pub(super) const FILES: Files<'static> = Files {
    services: Source {
        name: "services",
        text: "code\tname\nmr\tVK - MailRu\ntk\tTiktok\nmrf\tRediff.com\nrdf\trediff.com\n",
    },
    service_map: Source {
        name: "map",
        text: "service\tname\tupstream\tupstream_name\tdecided\tnote\n\
            vk\tvk.com\tmr\tVK - MailRu\tyes\t-\n\
            lf\tTikTok/Douyin\ttk\tTiktok\tyes\t-\n\
            co\tRediffmail\tmrf\tRediff.com\tyes\t-\n\
            co\tRediffmail\trdf\trediff.com\tyes\t-\n",
    },
    countries: Source {
        name: "countries",
        text: "code\tname\tcountry\toperators\nua\tUkraine\t1\tlifecell,vodafone\nus\tUSA\t187\t-\n",
    },
    operators: Some(Source {
        name: "operators",
        text: "country\toperator\tupstream\tkind\tnote\n\
            1\tlife\tlifecell\tlisted\t-\n1\tkyivstar\tlifecell\tlisted\t-\n1\tvodafone\tvodafone\tlisted\t-\n\
            1\tlycamobile\tlifecell\tlisted\t-\n",
    }),
    traps: None,
};

pub(super) fn mapping() -> Mapping {
    Mapping::of_files(Catalog::builtin(), &FILES)
}
