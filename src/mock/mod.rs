//! Stateful stand-ins of upstreams over one simulated market.
