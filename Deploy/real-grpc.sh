# shellcheck shell=bash
# gRPC servers for real.sh: Python's, which come from PyPI into a folder of their own.

# Kept between runs.
grpc_python=${XDG_CACHE_HOME:-$HOME/.cache}/tandem/grpc

install_grpc() {
    install_missing python3-venv
    [ -x "$grpc_python/bin/python" ] || python3 -m venv "$grpc_python"
    "$grpc_python/bin/python" -c 'import grpc_health.v1.health' 2>/dev/null \
        || "$grpc_python/bin/pip" install --quiet --disable-pip-version-check grpcio grpcio-health-checking \
        || die "cannot get grpcio and grpcio-health-checking from PyPI"
}

prepare_grpc() {
    cat >"$directory/grpc/server.py" <<'PYTHON'
import sys
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

address, tls = sys.argv[1:]


def read(name):
    with open(f"{tls}/{name}", "rb") as file:
        return file.read()


def serve(port, has_health=True, certificate=None):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    if has_health:
        servicer = health.HealthServicer()
        states = health_pb2.HealthCheckResponse
        servicer.set("", states.SERVING)
        servicer.set("shop.Cart", states.SERVING)
        servicer.set("shop.Till", states.NOT_SERVING)
        servicer.set("shop.New", states.UNKNOWN)
        health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    if certificate:
        pair = [(read(certificate + ".key"), read(certificate + ".crt"))]
        server.add_secure_port(f"{address}:{port}", grpc.ssl_server_credentials(pair))
    else:
        server.add_insecure_port(f"{address}:{port}")
    server.start()
    return server


servers = [serve(50051), serve(50052, has_health=False), serve(50053, certificate="good")]
servers.append(serve(50054, certificate="expired"))
for server in servers:
    server.wait_for_termination()
PYTHON
}

start_grpc() { run_in grpc "$grpc_python/bin/python" "$directory/grpc/server.py" "${address_of[grpc]}" "$directory/tls"; }

cases_grpc() {
    local tls
    tls="sni: good.example, $(tls)"
    expect grpc grpc:50051 grpc up
    expect grpc-service grpc:50051 '{grpc, service: shop.Cart}' up
    expect grpc-not-serving grpc:50051 '{grpc, service: shop.Till}' down 'it says NOT_SERVING'
    expect grpc-no-word grpc:50051 '{grpc, service: shop.New}' down 'it does not say whether it is serving'
    expect grpc-unknown grpc:50051 '{grpc, service: shop.Nothing}' down 'it does not know the service'
    expect grpc-no-health grpc:50052 grpc down 'it has no health service (gRPC status UNIMPLEMENTED)'
    expect grpc-nobody grpc:50055 grpc down 'connection refused'
    expect grpc-tls-only grpc:50053 grpc down '@(the server does not speak HTTP/2|connection closed*|connection reset)'
    expect grpcs grpc:50053 "{grpcs, service: shop.Cart, $tls}" up
    expect grpcs-not-serving grpc:50053 "{grpcs, service: shop.Till, $tls}" down 'it says NOT_SERVING'
    expect grpcs-wrong-name grpc:50053 "{grpcs, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect grpcs-expired grpc:50054 "{grpcs, $tls}" down 'its certificate has expired'
    expect grpcs-none grpc:50051 "{grpcs, $tls}" down '@(the server speaks no TLS*|connection closed*|no answer in time)'
    expect grpcs-web nginx:443 "{grpcs, $tls}" down '*HTTP/2*'
}
