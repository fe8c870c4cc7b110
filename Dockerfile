# Needs BuildKit, which docker has used since 23.0 (DOCKER_BUILDKIT=1 before that), or buildah with --format docker,
# since OCI's own format has no health check. Nothing is fetched but the base image and crates.
#
# The base has gcc and the C headers, which is all that ring and the bundled SQLite need, and the certificates by which
# upstreams are verified.
FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build
COPY . .
# Compiled dependencies stay in the builder's cache from one build to the next, so that a change of the
# sources compiles this crate alone. A cache is no part of the image: the binary is taken out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin smsbridge \
    && cp target/release/smsbridge /usr/local/bin/smsbridge
# What the final image has in it: the program, the few libraries it says it was linked against, the certificates, and in
# which order names are looked up. No shell and no package manager, so there is nothing to run but smsbridge.
# With musl it would be one file, but musl's allocator is slow under several threads; the C library costs 4 MB.
RUN mkdir -p /image/etc/smsbridge /image/etc/ssl/certs /image/usr/local/bin /owned/data /owned/trust \
    && cp /usr/local/bin/smsbridge /image/usr/local/bin/ \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && echo "hosts: files dns" > /image/etc/nsswitch.conf \
    && for library in $(ldd /usr/local/bin/smsbridge | grep -o '/[^ )]*'); do \
        install -D "$library" "/image$library" || exit 1; \
    done

FROM scratch
COPY --from=builder /image/ /
# /data has the ledger and the local CA with its key; /trust is empty and for the CA's certificate alone, where it is
# handed to other containers.
COPY --from=builder --chown=10001:10001 /owned/ /

# All that is ever written is in /data: the root file system may be read-only.
ENV PATH=/usr/local/bin \
    SMSBRIDGE_SERVER__LISTEN=0.0.0.0:8080 \
    SMSBRIDGE_LEDGER__URL=sqlite:/data/smsbridge.db \
    SMSBRIDGE_TLS__FOLDER=/data/ca \
    SQLITE_TMPDIR=/data
VOLUME /data
# A configuration mounted as /etc/smsbridge/proxy.toml is found by every subcommand; every setting is also a variable.
# Keys are read from files where api_key_file names one, as /run/secrets/provider_key.
WORKDIR /etc/smsbridge
USER 10001:10001
# Clients come in at 8080. Ports 80 and 443 can be had without rights where the engine says so: docker does since 20.10;
# elsewhere it takes --sysctl net.ipv4.ip_unprivileged_port_start=0. No capability is given to the file: with
# --cap-drop ALL it could not be started. What is watched ([admin] listen) stays at 127.0.0.1:9464 within the
# container, unless SMSBRIDGE_ADMIN__LISTEN says otherwise.
EXPOSE 8080 80 443
# SIGTERM, which is the default, lets what is in flight finish, for [server] drain at most. That is longer than
# Docker waits by itself: give it a --stop-timeout a little longer than drain.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["/usr/local/bin/smsbridge", "health"]
ENTRYPOINT ["/usr/local/bin/smsbridge"]
CMD ["serve"]
