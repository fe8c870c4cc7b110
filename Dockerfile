# The build image has gcc and the C headers, which is all that ring and the bundled SQLite need.
FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build
COPY . .
# Compiled dependencies stay in the builder's cache from one build to the next, so that a change of the
# sources compiles this crate alone. A cache is no part of the image: the binary is taken out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin smsbridge \
    && cp target/release/smsbridge /usr/local/bin/smsbridge

# The C library that the binary was linked against, and the certificates by which upstreams are verified.
# A static musl binary on an empty image would be smaller, but its allocator is slow under several threads.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 /data \
    && install -d /etc/smsbridge
COPY --from=builder /usr/local/bin/smsbridge /usr/local/bin/smsbridge

# All that is ever written is the ledger, and what SQLite puts beside it: the root file system may be read-only.
ENV SMSBRIDGE_SERVER__LISTEN=0.0.0.0:8080 \
    SMSBRIDGE_LEDGER__URL=sqlite:/data/smsbridge.db \
    SQLITE_TMPDIR=/data
VOLUME /data
# A configuration mounted as /etc/smsbridge/proxy.toml is found by every subcommand.
WORKDIR /etc/smsbridge
USER 10001:10001
# Clients come in here. What is watched ([admin] listen) stays at 127.0.0.1:9464 within the container, unless
# SMSBRIDGE_ADMIN__LISTEN says otherwise.
EXPOSE 8080
# SIGTERM, which is the default, lets what is in flight finish, for [server] drain at most. That is longer than
# Docker waits by itself: give it a --stop-timeout a little longer than drain.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["smsbridge", "health"]
ENTRYPOINT ["smsbridge"]
CMD ["serve"]
