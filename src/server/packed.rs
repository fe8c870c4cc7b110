//! Answers packed with gzip where that costs least: what fits into one packet without any compression, since to set a
//! compressor up costs ten times what such an answer does and no packet less is sent for it; what many get once for all
//! of them. Any other answer is packed as it goes out. Knows nothing of what is answered.

use std::io::Write;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::dialect::Reply;

/// What fits into a packet, with its head.
const SMALL: usize = 1024;

/// A reply packed, if it is small or one that many get, and gzip is welcome without more being said of how welcome.
pub(super) async fn packed(reply: &Reply, asked: &HeaderMap) -> Option<Bytes> {
    if !is_plainly_welcome(asked) {
        return None;
    }
    match &reply.written {
        Some(written) => Some(written.packed(gzip).await),
        None => (reply.body.len() <= SMALL).then(|| stored(reply.body.as_bytes()).into()),
    }
}

fn is_plainly_welcome(asked: &HeaderMap) -> bool {
    let named = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::default());
    // Writing into memory does not fail.
    let _ = encoder.write_all(text);
    encoder.finish().unwrap_or_default()
}

/// A gzip member (RFC 1952) with these bytes in a single block that is stored (RFC 1951, section 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    // Deflate, no name, no time, by an unknown system.
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    const LAST_AND_STORED: u8 = 1;
    // No longer than `SMALL`.
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut member = Vec::with_capacity(bytes.len() + 23);
    member.extend(HEAD);
    member.push(LAST_AND_STORED);
    member.extend(length.to_le_bytes());
    member.extend((!length).to_le_bytes());
    member.extend_from_slice(bytes);
    member.extend(crc32fast::hash(bytes).to_le_bytes());
    member.extend(u32::from(length).to_le_bytes());
    member
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::HeaderValue;
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn what_is_stored_unpacks_to_the_same_bytes() {
        for length in [0, 1, 15, 1024] {
            let bytes: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[0]).collect();
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(stored(&bytes).as_slice()).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, bytes);
        }
    }

    #[test]
    fn only_what_is_small_is_packed_here_and_only_for_who_names_gzip() {
        let packed = |answer: &str, accept: &'static str| {
            let asked = [(ACCEPT_ENCODING, HeaderValue::from_static(accept))].into_iter().collect();
            let reply = Reply::text(answer, &[]);
            packed(&reply, &asked).now_or_never().expect("what is small waits for nothing").is_some()
        };
        assert!(packed("STATUS_OK:1", "gzip, deflate") && packed("", "json,GZip"));
        assert!(!packed(&"x".repeat(1025), "gzip"));
        for accept in ["gzip;q=0", "gzip;q=0.5", "identity;q=1, *;q=0", "deflate", "*", "xgzip", ""] {
            assert!(!packed("STATUS_OK:1", accept), "{accept}");
        }
    }
}
